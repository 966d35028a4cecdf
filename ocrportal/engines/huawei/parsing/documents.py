"""Responses that list several documents, seals or plates found on one picture."""

from __future__ import annotations

from typing import Any

from ocrportal.engines.huawei.parsing.fields import (
    FieldReader,
    kind_of_place,
    lines_of,
    outline_of,
)
from ocrportal.engines.huawei.parsing.values import Places, text_of
from ocrportal.results import Block, PageResult

_RECOGNISED = "AIS.0000"
"""The status of a recognised item; items with any other status are not billed."""
_SEAL_WORDS = "words_block_list"
_SEAL_NAMES = {_SEAL_WORDS: "words"}


def read_documents(result: dict[str, Any] | list[Any], places: Places) -> PageResult:
    """The items, each with its outline; paths begin with the list's name and the number.

    An item that was not recognised keeps its status as fields and is listed in
    ``details["failed_items"]``; the status of recognised items is omitted.
    """
    reader = FieldReader(places)
    failed: list[dict[str, Any]] = []
    if isinstance(result, list):
        _read_items(result, (), "/result", reader, failed)
    else:
        lists = [name for name, value in result.items() if _is_list_of_objects(value)]
        for name in lists:
            _read_items(result[name], (name,), f"/result/{name}", reader, failed)
        reader.read_object(result, (), "/result", skip=frozenset(lists))
    return PageResult(
        width=places.width,
        height=places.height,
        lines=lines_of(reader.fields),
        fields=tuple(reader.fields),
        blocks=tuple(reader.blocks),
        attachments=tuple(reader.attachments),
        details={"failed_items": failed} if failed else {},
    )


def _read_items(
    items: list[Any],
    path: tuple[str, ...],
    pointer: str,
    reader: FieldReader,
    failed: list[dict[str, Any]],
) -> None:
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            continue
        place, box = outline_of(item, reader.places)
        if box is not None:
            kind = path[0].removesuffix("_list") if place == "location" and path else ""
            reader.blocks.append(
                Block(kind or kind_of_place(place), text_of(item.get("type")), box)
            )
        skip = {place}
        failure = _failure(item, index + 1)
        if failure is None:
            skip.add("status")
        else:
            failed.append(failure)
        reader.read_object(
            _with_words(item),
            (*path, str(index + 1)),
            f"{pointer}/{index}",
            skip=frozenset(skip),
            locations=_printed_at(item, place),
        )


def _failure(item: dict[str, Any], number: int) -> dict[str, Any] | None:
    """The failure of an item; None if it was recognised."""
    status = item.get("status")
    if not isinstance(status, dict) or status.get("error_code") == _RECOGNISED:
        return None
    return {
        "item": number,
        "type": text_of(item.get("type")),
        "code": text_of(status.get("error_code")),
        "message": text_of(status.get("error_msg")),
    }


def _with_words(item: dict[str, Any]) -> dict[str, Any]:
    """The item with a seal's texts renamed to ``words``, as in the catalogue."""
    return {_SEAL_NAMES.get(name, name): value for name, value in item.items()}


def _printed_at(item: dict[str, Any], place: str) -> dict[str, Any]:
    """The locations of values that fill their item's outline: plate numbers, seal texts."""
    words = item.get(_SEAL_WORDS)
    outline = item.get(place)
    return {
        "plate_number": outline,
        "words": [outline] * len(words) if isinstance(words, list) else None,
    }


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(entry, dict) for entry in value)
