"""Converts a service's response to a PageResult, with one parser per response format.

The cloud's documentation, SDK and responses disagree, so nearly everything may be missing.
Missing values are omitted, unknown plain values become fields, and everything else is stored
in the raw response only. A response is refused only if its main container is missing.

Texts without a position, which tables return by default, cannot be lines: they become
blocks of the kind ``text``, in page order, among the blocks of the tables.
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


class MalformedResponse(ValueError):
    """The response does not have the format that the catalogue lists for the service."""


def parse_response(
    service: Service,
    response: dict[str, Any],
    *,
    width: int,
    height: int,
    scale_x: float,
    scale_y: float,
) -> PageResult:
    """Parse the whole JSON body of a successful call.

    ``width`` and ``height`` are those of the page picture, ``scale_x`` and ``scale_y`` its
    pixels per sent pixel. The caller sets ``engine`` and ``seconds``. Raises
    MalformedResponse.

    If a picture contains several documents and some could not be read, the page counts as
    read; ``details["failed_items"]`` lists those as objects with ``item`` (from 1),
    ``type``, ``code`` and ``message``, and fields contain their status.
    """
    try:
        # First, since the pointers of attachments refer to the stored names.
        stored: dict[str, Any] = storable(response)
    except ValueError as error:
        raise MalformedResponse(str(error)) from error
    result = stored.get("result")
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
        case _:  # "dynamic": depends on the user's template or the kind of document.
            page = _read_fields(_object_or_list(result), places)
    return replace(page, skew=skew_of(page.lines, page.rotation), raw=stored)


def _read_text_blocks(result: dict[str, Any], places: Places) -> PageResult:
    """Lines, extracted values and the text as joined by the cloud."""
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
    """Tables and the text between them, in page order."""
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
    """Named values only; those with a position become lines as well."""
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
    """A text region as a block with a box; texts without a position as one without."""
    lines = _lines(listed, places)
    unplaced = _unplaced(listed, places)
    return [
        *([Block("text", _joined(lines), around_all(line.box for line in lines))] if lines else []),
        *([Block("text", unplaced)] if unplaced else []),
    ]


def _joined(lines: tuple[Line, ...]) -> str:
    return "\n".join(line.text for line in lines)


def _unplaced(listed: list[dict[str, Any]], places: Places) -> str:
    """The texts without a position, joined by line breaks."""
    lost = (block for block in listed if read_line(block, places) is None)
    return "\n".join(text for text in (text_of(block.get("words")) for block in lost) if text)


def _object(result: Any, wanted: str = "") -> dict[str, Any]:
    """The result, which must be an object; ``wanted``, if given, must be a list in it."""
    if not isinstance(result, dict) or (wanted and not isinstance(result.get(wanted), list)):
        raise MalformedResponse(f"no object with {wanted or 'values'} under result")
    return result


def _list(result: Any) -> list[Any]:
    if not isinstance(result, list):
        raise MalformedResponse("no list under result")
    return result


def _object_or_list(result: Any) -> dict[str, Any] | list[Any]:
    if not isinstance(result, dict | list):
        raise MalformedResponse("neither object nor list under result")
    return result
