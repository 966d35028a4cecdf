"""Finds the tables and figures of a page whose text was taken from its file.

The places of its characters are exact. So a line is split between two cells only at a wide gap,
and never within a run of text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocrportal.figures import find_figures
from ocrportal.figures.codes import find_codes, without_codes
from ocrportal.figures.signatures import find_signatures
from ocrportal.geometry import Quad, Rect, quad_center, quad_height, quad_length
from ocrportal.results import BACKDROP, FIGURE, Block, Line, PageResult, Table
from ocrportal.tables import find_tables

_MIN_GAP = 0.6
"""Line heights between two cells; the spaces of monospaced text have 0.5."""
_MIN_GAP_AMONG_SPACES = 0.4
"""The same in a line with several spaces, if it is also …"""
_MIN_RATIO = 1.6
"""… this many times as wide as their median, since in justified text all are wide."""
_SEVERAL = 3
_MIN_OF_CODE = 0.4
"""The share of a picture from which it is a code with its margin."""
_CONTRAST = 40
"""Levels of grey, of 255, by which ink differs from the background of its line."""
_MARKER = re.compile(r"\s*([•·●○◦▪■□◆◇►▶➢※★☆✓*–—〓-]|[(（]?[\da-zA-Z]{1,3}[)）.．、])\s*")
"""A list marker, whose gap to the text of its item separates no columns."""
_LEADER = re.compile(r"([.·…‥])(?:\s*\1){3,}")
"""The dots of a table of contents, which would be columns of their own."""


def with_tables(text: PageResult, image: Image.Image) -> PageResult:
    """The text with its tables, its lines split at the sides of their cells."""
    upright = text.upright()
    pixels = _upright(image, text)
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    runs = {
        index: list(_runs(line))
        for index, line in enumerate(upright.lines)
        if not _LEADER.search(line.text)
    }
    leaders = [quad_center(line.box) for line in upright.lines if _LEADER.search(line.text)]
    tables, _ = find_tables(
        pixels,
        # Without characters, a run cannot be split.
        [
            replace(run, box=_inked(run.box, grey), chars=())
            for run in chain.from_iterable(runs.values())
        ],
    )
    placed = [(Rect.around(table.box), table) for table in tables if table.box]
    placed = [
        (place, table)
        for place, table in placed
        if not (any(map(place.contains, leaders)) or _is_lists(table))
    ]
    if not placed:
        return text
    places, tables = map(list, zip(*placed, strict=True))
    lines = chain.from_iterable(
        runs[index] if index in runs and _is_within(places, runs[index]) else [line]
        for index, line in enumerate(upright.lines)
    )
    found = replace(
        upright, lines=tuple(lines), tables=tuple(tables), rotation=-text.rotation % 360
    ).upright()
    return replace(found, rotation=text.rotation)


def with_figures(text: PageResult, image: Image.Image) -> PageResult:
    """The text with the figures of its page, of which ``image`` is the picture.

    Those that the file does not have as objects are searched on the picture: a drawing is often
    thousands of strokes.
    """
    upright = text.upright()
    pixels = _upright(image, text)
    codes = find_codes(pixels)
    plain = without_codes(pixels, codes)
    stated = [area for area in upright.blocks if area.kind == FIGURE and area.box]
    known = [area.box for area in stated if area.box and not _is_code(area, codes)]
    backdrops = [area.box for area in upright.blocks if area.kind == BACKDROP and area.box]
    signatures, _ = find_signatures(plain, upright.lines)
    figures, tables = find_figures(
        plain, upright.lines, upright.tables, known=[*known, *signatures], backdrops=backdrops
    )
    kept = (area for area in upright.blocks if area not in stated)
    found = replace(
        upright,
        tables=tuple(tables),
        blocks=(*kept, *codes, *figures),
        rotation=-text.rotation % 360,
    ).upright()
    return replace(found, rotation=text.rotation)


def _is_code(picture: Block, codes: Sequence[Block]) -> bool:
    """Whether a picture of the file is a code with its margin."""
    assert picture.box is not None
    place = Rect.around(picture.box)
    boxes = [Rect.around(code.box) for code in codes if code.box]
    return any(place.contains(box.center) and box.area > _MIN_OF_CODE * place.area for box in boxes)


def _upright(image: Image.Image, text: PageResult) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.rot90(np.asarray(image.convert("RGB")), -text.rotation // 90))


def _is_lists(table: Table) -> bool:
    """True for a list, whose markers are a column, and for lists side by side."""
    cells = [cell for cell in table.cells if cell.text and cell.column_span == 1]
    items = sum(_MARKER.match(cell.text) is not None for cell in cells)
    return 2 * items > len(cells) or any(
        all(_MARKER.fullmatch(cell.text) for cell in cells if cell.column == column)
        for column in {cell.column for cell in cells}
    )


def _is_within(places: Sequence[Rect], runs: Sequence[Line]) -> bool:
    return any(place.contains(quad_center(run.box)) for place in places for run in runs)


def _runs(line: Line) -> Iterator[Line]:
    """The parts of a line between wide gaps."""
    length = quad_length(line.box)
    if not line.chars or not length:
        yield line
        return
    em = quad_height(line.box) / length
    marker = _MARKER.match(line.text)
    printed = [
        (index, char)
        for index, char in enumerate(line.chars)
        if not char.text.isspace() and (marker is None or index >= marker.end())
    ]
    spaces = [
        after.start - before.end
        for (index, before), (next_index, after) in pairwise(printed)
        if next_index > index + 1
    ]
    gap = _MIN_GAP * em
    if len(spaces) >= _SEVERAL:
        gap = max(_MIN_GAP_AMONG_SPACES * em, _MIN_RATIO * median(spaces))
    starts = [
        index for (_, before), (index, after) in pairwise(printed) if after.start - before.end > gap
    ]
    if not starts:
        yield line
        return
    for start, end in pairwise([0, *starts, len(line.chars)]):
        part = list(line.chars[start:end])
        while part[-1].text.isspace():
            part.pop()
        yield line.part(part)


def _inked(box: Quad, grey: NDArray[np.uint8]) -> Quad:
    """The box of a horizontal line without the white before its first letter and after its last.

    The box in a file includes the spacing of the font, which makes the gutters of a table narrow.
    """
    around = Rect.around(box)
    left, top, right, bottom = (max(0, round(side)) for side in around)
    is_horizontal = box[0][0] < box[1][0] and abs(box[0][1] - box[1][1]) < 1
    if not is_horizontal or left >= right or top >= bottom:
        return box
    part = grey[top:bottom, left:right].astype(np.int16)
    inked = np.flatnonzero((abs(part - np.median(part)) > _CONTRAST).any(axis=0))
    if not len(inked):
        return box
    start, end = left + float(inked[0]), left + float(inked[-1]) + 1
    return Rect(start, around.top, end, around.bottom).quad
