"""Named values of cards, bills and forms, at any depth of a response.

Every plain value becomes a field, even if the catalogue does not list it. The positions and
confidences of values are in sibling objects of the same structure: ``text_location`` and
``confidence``. Some services return each value as an object with ``words`` and ``location``.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ocrportal.engines.huawei.parsing.text import UNKNOWN_CONFIDENCE
from ocrportal.engines.huawei.parsing.values import Places, confidence_of, text_of
from ocrportal.geometry import Quad
from ocrportal.results import Attachment, Block, Field, Line

_BESIDE = frozenset({"confidence", "words_confidence", "text_location", "image_size"})
"""Names that describe sibling values and are not values themselves."""
_WORDS = frozenset({"words", "location", "confidence", "words_confidence"})
_PAIR = frozenset({"key", "value"})
_MAX_DEPTH = 20
_FILE_KINDS = (
    (b"\xff\xd8\xff", ".jpg", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", ".png", "image/png"),
    (b"BM", ".bmp", "image/bmp"),
    (b"PK\x03\x04", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"\xd0\xcf\x11\xe0", ".xls", "application/vnd.ms-excel"),
)
_MIN_FILE = 100
"""Base64 characters; pictures and workbooks are longer, words are shorter."""

Names = tuple[str, ...]


@dataclass(slots=True)
class FieldReader:
    """Collects fields, files and outlines while it traverses a part of a response."""

    places: Places
    fields: list[Field] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def read_object(
        self,
        node: dict[str, Any],
        path: Names,
        pointer: str,
        *,
        skip: frozenset[str] = frozenset(),
        confidences: Any = None,
        locations: Any = None,
    ) -> None:
        """Read the values of an object at ``path``; ``pointer`` is its JSON pointer.

        ``confidences`` and ``locations`` have the structure of ``node``; those in ``node``
        itself take precedence.
        """
        confidences = node.get("confidence", confidences)
        locations = node.get("text_location", locations)
        for name, value in node.items():
            if name in _BESIDE or name in skip or name.endswith("_count"):
                continue
            self.read(
                value,
                (*path, name),
                f"{pointer}/{_escaped(name)}",
                _beside(confidences, name, value),
                _beside(locations, name, value),
            )

    def read_pairs(self, pairs: Iterable[Any], path: Names) -> None:
        """Read pairs of ``key`` and ``value`` as printed on the page."""
        for pair in pairs:
            key, value = text_of(pair.get("key")), text_of(pair.get("value"))
            if key and value:
                self.fields.append(Field((*path, key), value))

    def read(
        self, value: Any, path: Names, pointer: str, confidence: Any = None, location: Any = None
    ) -> None:
        """Read the value at ``path``, of any type."""
        if len(path) > _MAX_DEPTH:
            return
        if isinstance(value, list):
            self._read_list(value, path, pointer, confidence, location)
        elif not isinstance(value, dict):
            self._read_plain(value, path, pointer, confidence, location)
        elif "words" in value and value.keys() <= _WORDS:
            self._read_words(value, path, location)
        else:
            self.read_object(value, path, pointer, confidences=confidence, locations=location)

    def _read_list(
        self, values: list[Any], path: Names, pointer: str, confidence: Any, location: Any
    ) -> None:
        name = path[-1] if path else ""
        if _is_place(name, values):
            box = self.places.quad(values)
            if box is not None:
                self.blocks.append(Block(kind_of_place(name), "", box))
        elif values and all(isinstance(entry, dict) and entry.keys() >= _PAIR for entry in values):
            self.read_pairs(values, path[:-1])
        else:
            for index, entry in enumerate(values):
                if isinstance(entry, list):
                    continue  # A matrix: numbers without names.
                self.read(
                    entry,
                    (*path, str(index + 1)),
                    f"{pointer}/{index}",
                    _beside(confidence, index, entry),
                    _beside(location, index, entry),
                )

    def _read_words(self, value: dict[str, Any], path: Names, location: Any) -> None:
        confidence = value.get("confidence", value.get("words_confidence"))
        self._add(path, text_of(value["words"]), confidence, value.get("location", location))

    def _read_plain(
        self, value: Any, path: Names, pointer: str, confidence: Any, location: Any
    ) -> None:
        kind = _file_kind(value) if isinstance(value, str) else None
        if kind is not None:
            ending, media_type = kind
            name = "-".join(path).replace("/", "_") + ending
            self.attachments.append(Attachment(name, media_type, pointer))
        else:
            self._add(path, text_of(value), confidence, location)

    def _add(self, path: Names, value: str, confidence: Any, location: Any) -> None:
        # The service returns an empty text for a value it did not find.
        if value:
            box = self.places.quad(location)
            self.fields.append(Field(path, value, confidence_of(confidence), box))


def lines_of(fields: Iterable[Field]) -> tuple[Line, ...]:
    """The fields with a position as lines, for responses without lines."""
    return tuple(
        Line(
            text=" ".join(entry.value.split()),
            box=entry.box,
            confidence=UNKNOWN_CONFIDENCE if entry.confidence is None else entry.confidence,
        )
        for entry in fields
        if entry.box is not None
    )


def outline_of(node: dict[str, Any], places: Places) -> tuple[str, Quad | None]:
    """The name and the quad of the value that locates an object; empty and None if missing."""
    for name, value in node.items():
        if isinstance(value, list) and _is_place(name, value):
            return name, places.quad(value)
    return "", None


def _beside(mirror: Any, key: str | int, value: Any) -> Any:
    """The entry for a value in an object of the same structure; one number applies to all.

    The entries for a document's ``content`` are one level higher.
    """
    if isinstance(mirror, dict) and isinstance(key, str):
        return mirror.get(key, mirror if key == "content" else None)
    if isinstance(mirror, list) and isinstance(key, int):
        return mirror[key] if key < len(mirror) else None
    return None if isinstance(value, dict | list) else mirror


def _is_place(name: str, values: list[Any]) -> bool:
    named = name == "location" or name.endswith("_location")
    return named and any(isinstance(point, list) for point in values)


def kind_of_place(name: str) -> str:
    """The kind of block that a place such as ``portrait_location`` outlines."""
    return name.removesuffix("_location") if name != "location" else "document"


def _file_kind(text: str) -> tuple[str, str] | None:
    """Extension and media type of a file in base64; None for any other text."""
    if len(text) < _MIN_FILE:
        return None
    try:
        head = base64.b64decode(text[:16], validate=True)
    except (binascii.Error, ValueError):
        return None
    for magic, ending, media_type in _FILE_KINDS:
        if head.startswith(magic):
            return ending, media_type
    return None


def _escaped(name: str) -> str:
    """A name escaped for a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
