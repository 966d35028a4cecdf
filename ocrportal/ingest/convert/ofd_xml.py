"""Reads the elements and the numbers in the XML of OFD files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

from lxml import etree

from ocrportal.errors.ingest import DamagedFile

Element = etree._Element

_MAX_COORDINATE = 1e6


def name_of(element: Element) -> str:
    """The name without its namespace: files use several namespaces, or none."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: Element, name: str) -> Iterator[Element]:
    """The direct children with this name."""
    return (found for found in element if name_of(found) == name)


def child(element: Element, name: str) -> Element | None:
    """The first direct child with this name."""
    return next(children(element, name), None)


def numbers(text: str | None, count: int | None = None) -> list[float]:
    """Read numbers separated by spaces; DamagedFile for another ``count`` or absurd values."""
    try:
        found = [float(part) for part in (text or "").split()]
    except ValueError as error:
        raise DamagedFile from error
    if count is not None and len(found) != count:
        raise DamagedFile
    if not all(abs(number) <= _MAX_COORDINATE for number in found):  # false for NaN
        raise DamagedFile
    return found


def steps(text: str | None) -> Iterator[float]:
    """Read the distances between characters: ``g 3 5 2`` means ``5 5 5 2``."""
    parts = iter((text or "").split())
    for part in parts:
        if part == "g":
            times, step = numbers(f"{next(parts, '')} {next(parts, '')}", 2)
            yield from repeat(step, int(times))
        else:
            yield from numbers(part, 1)
