"""From a service's answer to a PageResult: one reader for each shape of answers.

The cloud's documents, its SDK and its answers disagree, so nearly everything may be
missing: what is not there is not told, what is unknown but a plain value becomes a field,
and all else stays in the raw answer. Only an answer that lacks the very container of its
kind is refused.

Texts without a place, as tables give them unless asked otherwise, cannot be lines: they
are blocks of the kind ``text``, in the order of the page, among the blocks of its tables.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ocrportal.catalogue.spec import Service
from ocrportal.engines.huawei.parsing.documents import read_documents
from ocrportal.engines.huawei.parsing.fields import FieldReader, lines_of
from ocrportal.engines.huawei.parsing.smart import read_smart_document
from ocrportal.engines.huawei.parsing.tables import read_table
from ocrportal.engines.huawei.parsing.text import read_line, rotation_of, skew_of
from ocrportal.engines.huawei.parsing.values import Places, around_all, objects_in, text_of
from ocrportal.results import Block, Line, PageResult, Table, storable


class MalformedAnswer(ValueError):
    """The answer is not of the shape that the catalogue promises for the service."""


def read_answer(
    service: Service,
    answer: dict[str, Any],
    *,
    width: int,
    height: int,
    scale_x: float,
    scale_y: float,
) -> PageResult:
    """Read the whole JSON body of a successful call.

    ``width`` and ``height`` are those of the page picture, ``scale_x`` and ``scale_y`` its
    pixels for one sent pixel. ``engine`` and ``seconds`` are left to the caller. Raises
    MalformedAnswer.

    Where a picture held several documents and some could not be read, the page counts as
    read; ``details["failed_items"]`` lists those as objects with ``item`` (from 1),
    ``type``, ``code`` and ``message``, and fields tell it too.
    """
    try:
        # First of all: pointers to attachments count on the names as they are kept.
        kept: dict[str, Any] = storable(answer)
    except ValueError as error:
        raise MalformedAnswer(str(error)) from error
    result = kept.get("result")
    places = Places(width, height, scale_x, scale_y)
    match service.kind:
        case "text_blocks" | "fields_and_text_blocks":
            page = _read_text_blocks(_object(result, "words_block_list"), places)
        case "table_regions":
            page = _read_regions(_object(result, "words_region_list"), places)
        case "smart_document":
            page = read_smart_document(_list(result), places)
        case "document_list":
            page = read_documents(_object_or_list(result), places)
        case "fields":
            page = _read_fields(_object(result), places)
        case _:  # "dynamic": its user, or the kind of document, decides.
            page = _read_fields(_object_or_list(result), places)
    return replace(page, skew=skew_of(page.lines, page.rotation), raw=kept)


def _read_text_blocks(result: dict[str, Any], places: Places) -> PageResult:
    """Lines, and what stands beside them: extracted values, the text joined by the cloud."""
    listed = objects_in(result, "words_block_list")
    joined = text_of(result.get("markdown_result"))
    reader = FieldReader(places)
    reader.read_object(
        result,
        (),
        "/result",
        skip=frozenset({"words_block_list", "direction", "markdown_result"}),
    )
    unplaced = _unplaced(listed, places)
    return PageResult(
        width=places.width,
        height=places.height,
        lines=_lines(listed, places),
        fields=tuple(reader.fields),
        blocks=(
            *reader.blocks,
            *([Block("text", unplaced)] if unplaced else []),
            *([Block("markdown", joined)] if joined else []),
        ),
        attachments=tuple(reader.attachments),
        rotation=rotation_of(listed, result.get("direction"), places),
    )


def _read_regions(result: dict[str, Any], places: Places) -> PageResult:
    """Tables and the text between them, in the order of the page."""
    lines: list[Line] = []
    tables: list[Table] = []
    blocks: list[Block] = []
    listed: list[dict[str, Any]] = []
    for region in objects_in(result, "words_region_list"):
        kind = text_of(region.get("type"))
        words = objects_in(region, "words_block_list")
        listed += [entry for block in words for entry in objects_in(block, "words_list") or [block]]
        found = read_table(region, places) if kind == "table" else None
        if found is None:
            lines += _lines(words, places)
            blocks += _text_region(words, places)
        else:
            lines += found.lines
            tables.append(found.table)
            blocks.append(Block("table", "", found.table.box))
            blocks += [Block("text", text) for text in found.strays]
    reader = FieldReader(places)
    reader.read_object(
        result, (), "/result", skip=frozenset({"words_region_list", "rectification_matrix"})
    )
    return PageResult(
        width=places.width,
        height=places.height,
        lines=tuple(lines),
        tables=tuple(tables),
        fields=tuple(reader.fields),
        blocks=(*blocks, *reader.blocks),
        attachments=tuple(reader.attachments),
        rotation=rotation_of(listed, result.get("direction"), places),
    )


def _read_fields(result: dict[str, Any] | list[Any], places: Places) -> PageResult:
    """Named values alone; those whose place is told are the lines of the page as well."""
    reader = FieldReader(places)
    reader.read(result, (), "/result")
    return PageResult(
        width=places.width,
        height=places.height,
        lines=lines_of(reader.fields),
        fields=tuple(reader.fields),
        blocks=tuple(reader.blocks),
        attachments=tuple(reader.attachments),
    )


def _lines(listed: list[dict[str, Any]], places: Places) -> tuple[Line, ...]:
    lines = (read_line(block, places) for block in listed)
    return tuple(line for line in lines if line is not None)


def _text_region(listed: list[dict[str, Any]], places: Places) -> list[Block]:
    """A region of text as a block with its place; what has none is in one without."""
    lines = _lines(listed, places)
    unplaced = _unplaced(listed, places)
    return [
        *([Block("text", _joined(lines), around_all(line.box for line in lines))] if lines else []),
        *([Block("text", unplaced)] if unplaced else []),
    ]


def _joined(lines: tuple[Line, ...]) -> str:
    return "\n".join(line.text for line in lines)


def _unplaced(listed: list[dict[str, Any]], places: Places) -> str:
    """The texts that cannot be lines, one below the other."""
    lost = (block for block in listed if read_line(block, places) is None)
    return "\n".join(text for text in (text_of(block.get("words")) for block in lost) if text)


def _object(result: Any, wanted: str = "") -> dict[str, Any]:
    """The result, if it is an object and ``wanted``, if named, a list in it."""
    if not isinstance(result, dict) or (wanted and not isinstance(result.get(wanted), list)):
        raise MalformedAnswer(f"no object with {wanted or 'values'} under result")
    return result


def _list(result: Any) -> list[Any]:
    if not isinstance(result, list):
        raise MalformedAnswer("no list under result")
    return result


def _object_or_list(result: Any) -> dict[str, Any] | list[Any]:
    if not isinstance(result, dict | list):
        raise MalformedAnswer("neither object nor list under result")
    return result
