"""The smart document recogniser: text, keys and values, tables, layout and formulas.

According to the SDK each page is one entry with all parts; the documentation shows the parts
spread over several entries. Both are read in the same way, part by part.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ocrportal.engines.huawei.parsing.fields import FieldReader
from ocrportal.engines.huawei.parsing.tables import read_table
from ocrportal.engines.huawei.parsing.text import read_line, rotation_of
from ocrportal.engines.huawei.parsing.values import Places, around_all, objects_in, text_of
from ocrportal.geometry import Quad
from ocrportal.results import Block, Field, Line, PageResult, Table

Entry = tuple[dict[str, Any], str]
"""An object of the response and its JSON pointer."""


def read_smart_document(entries: list[Any], places: Places) -> PageResult:
    """The parts of all entries, merged.

    ``blocks`` contains the layout areas and the formulas, whose text is LaTeX. The box of a
    field includes its key.
    """
    words = [block for block, _ in _parts(entries, "ocr_result", "words_block_list")]
    lines = [line for line in (read_line(block, places) for block in words) if line]
    reader = FieldReader(places)
    tables: list[Table] = []
    for part, listed in (("table_result", "table_list"), ("form_result", "form_list")):
        for node, pointer in _parts(entries, part, listed):
            found = read_table(node, places)
            if found is not None:
                tables.append(found.table)
            if "excel" in node:
                name = f"{listed.removesuffix('_list')}-{len(reader.attachments) + 1}"
                reader.read(node["excel"], (name,), f"{pointer}/excel")
    return PageResult(
        width=places.width,
        height=places.height,
        lines=tuple(lines),
        tables=tuple(tables),
        fields=tuple(_fields(entries, places)),
        blocks=tuple(_blocks(entries, places, words, lines)),
        attachments=tuple(reader.attachments),
        rotation=rotation_of(words, _direction(entries), places),
    )


def _parts(entries: list[Any], part: str, listed: str) -> Iterator[Entry]:
    """The objects of a list in every entry that has this part."""
    for index, entry in enumerate(entries):
        node = entry.get(part) if isinstance(entry, dict) else None
        items = node.get(listed) if isinstance(node, dict) else None
        for number, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict):
                yield item, f"/result/{index}/{part}/{listed}/{number}"


def _direction(entries: list[Any]) -> Any:
    for entry in entries:
        part = entry.get("ocr_result") if isinstance(entry, dict) else None
        if isinstance(part, dict) and "direction" in part:
            return part["direction"]
    return None


def _fields(entries: list[Any], places: Places) -> Iterator[Field]:
    for pair, _ in _parts(entries, "kv_result", "kv_block_list"):
        key, value = text_of(pair.get("key")), text_of(pair.get("value"))
        if key and value:
            yield Field((key,), value, box=_box_of_words(pair, places))


def _box_of_words(pair: dict[str, Any], places: Places) -> Quad | None:
    words = objects_in(pair, "words_block_list")
    return around_all(places.quad(block.get("location")) for block in words)


def _blocks(
    entries: list[Any], places: Places, words: list[dict[str, Any]], lines: list[Line]
) -> Iterator[Block]:
    if len(lines) < len(words):
        lost = (block for block in words if read_line(block, places) is None)
        text = "\n".join(text for text in (text_of(block.get("words")) for block in lost) if text)
        if text:
            yield Block("text", text)
    for area, _ in _parts(entries, "layout_result", "layout_block_list"):
        kind = text_of(area.get("type"))
        if kind and "formula_id" not in area:  # Formulas are read below.
            yield Block(kind, text_of(area.get("text")), places.quad(area.get("location")))
    for formula, _ in _parts(entries, "formula_result", "formula_list"):
        text = text_of(formula.get("formula"))
        if text:
            kind = text_of(formula.get("type")) or "formula"
            yield Block(kind, text, places.quad(formula.get("location")))
