"""QR codes and barcodes: their places, and what they encode."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from zxingcpp import Barcode, BarcodeFormat, BarcodeFormats

from ocrportal.figures.page_colours import Pixels
from ocrportal.geometry import Quad, Rect, quad_center, quad_contains, turn_quad
from ocrportal.results import CODE, Block, Line

_LONG_SIDE = 2000
"""Pixels to which the page is scaled down for square codes. Their modules, which are 0.35 mm or
more in print, then have two pixels."""
_SQUARE = BarcodeFormats([BarcodeFormat.QRCode, BarcodeFormat.Aztec])
"""Formats with patterns that are found fast on a whole page."""
_BARS = BarcodeFormats(
    [
        BarcodeFormat.EANUPC,
        BarcodeFormat.Code128,
        BarcodeFormat.Code39,
        BarcodeFormat.Code93,
        BarcodeFormat.Codabar,
        BarcodeFormat.ITF,
        BarcodeFormat.DataBar,
    ]
)
_CHECKED = (BarcodeFormat.QRCode, BarcodeFormat.Aztec, BarcodeFormat.DataMatrix)
"""Formats with so much redundancy that nothing else is read as one of them."""
_MIN_LENGTH = 4
"""Characters of a barcode; fewer are bars of a drawing."""
_MIN_HEIGHT = 0.05
"""Height of a barcode, in its width; less is a row of letters or a hatched line."""
_PATTERNED = BarcodeFormat.QRCode
"""The format whose patterns in three corners show that there is a code if it cannot be read."""
_MARGIN = 0.15
"""White around a code, in its size, that it is read with."""
_MAX_FIGURE = 0.25
"""Of the page; larger figures are not searched for further codes."""
_MAX_SQUARES = 20
"""Further places on a page that are searched, which bounds the time."""
_MIN_OF_FIGURE = 0.4
"""Of a figure, from which it is the code with its white margin."""
_GROUND = 4
"""Pixels around a code that show the colour of its background."""
_MIN_INSIDE = 0.7
"""Share of a line within a code, from which it is a misreading of its pattern …"""
_LEGIBLE, _MIN_LETTERS = 0.9, 3
"""… unless the code was not read, and the line was with this confidence and length."""

_Grey = NDArray[np.uint8]


def find_codes(image: Pixels) -> list[Block]:
    """The codes of an upright page, as areas in pixels of ``image`` with their contents as text.

    The text is empty if a code cannot be read. Formats that take longer to search for are found
    in figures only, by :func:`with_codes`.
    """
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    found = [*_square_codes(grey), *map(_block, _barcodes(grey))]
    # On an upright page barcodes run in rows or columns. The reader is slow along columns.
    turned = np.ascontiguousarray(np.rot90(grey, -1))
    height, width = turned.shape
    for code in _barcodes(turned):
        block = _block(code)
        assert block.box is not None
        found.append(Block(CODE, block.text, turn_quad(block.box, 270, width, height)))
    return _distinct(found)


def with_codes(image: Pixels, figures: Iterable[Block], squares: Iterable[Quad]) -> list[Block]:
    """The figures of a page, with the codes of any format in them and at the places of squares.

    A figure that is hardly larger than its code is replaced by it.
    """
    largest = _MAX_FIGURE * image.shape[0] * image.shape[1]
    kept: list[Block] = []
    found: list[Block] = []
    for figure in figures:
        rect = Rect.around(figure.box) if figure.box else None
        codes = _codes_at(image, rect) if rect is not None and rect.area <= largest else []
        if not codes or rect is None or sum(map(_area, codes)) < _MIN_OF_FIGURE * rect.area:
            kept.append(figure)
        found += codes
    places = [Rect.around(square) for square in squares]
    for place in sorted(places, key=lambda rect: -rect.area)[:_MAX_SQUARES]:
        is_searched = any(f.box and quad_contains(f.box, place.center) for f in (*kept, *found))
        if not is_searched and place.area <= largest:
            found += _codes_at(image, place)
    return [*kept, *_distinct(found)]


def without_codes(image: Pixels, codes: Sequence[Block]) -> Pixels:
    """The page with the colour around each code in its place."""
    if not codes:
        return image
    plain = image.copy()
    for code in codes:
        assert code.box is not None
        corners = np.array(code.box)
        left, top = np.maximum(0, np.floor(corners.min(axis=0)) - 3 * _GROUND).astype(int)
        right, bottom = (np.ceil(corners.max(axis=0)) + 3 * _GROUND).astype(int)
        part = plain[top:bottom, left:right]
        mask = np.zeros(part.shape[:2], np.uint8)
        cv2.fillConvexPoly(mask, np.round(corners - (left, top)).astype(np.int32), (1,))
        size = 2 * _GROUND + 1
        inner = cv2.dilate(mask, np.ones((size, size), np.uint8))
        around = part[cv2.dilate(inner, np.ones((size, size), np.uint8)) > inner]
        if around.size:
            part[inner > 0] = np.median(around, axis=0)
    return plain


def is_in_code(line: Line, codes: Iterable[Block]) -> bool:
    """Whether a recognised line is a misreading of the pattern of a code."""
    around, center = Rect.around(line.box), quad_center(line.box)
    for code in codes:
        if code.kind != CODE or code.box is None or not quad_contains(code.box, center):
            continue
        shared = around.intersection(Rect.around(code.box))
        if shared is not None and shared.area >= _MIN_INSIDE * around.area:
            is_legible = line.confidence >= _LEGIBLE and len(line.text) >= _MIN_LETTERS
            return bool(code.text) or not is_legible
    return False


def _codes_at(image: Pixels, rect: Rect) -> list[Block]:
    part, corner = _cut(image, rect)
    if not part.size:
        return []  # a place without extent, or outside the page
    grey = np.asarray(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), np.uint8)
    return [_block(code, 1.0, corner) for code in zxingcpp.read_barcodes(grey) if _is_certain(code)]


def _square_codes(grey: _Grey) -> Iterator[Block]:
    scale = min(1.0, _LONG_SIDE / max(grey.shape))
    small = grey
    if scale < 1.0:
        resized = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        small = np.asarray(resized, np.uint8)
    for code in zxingcpp.read_barcodes(
        small, _SQUARE, try_downscale=False, try_invert=False, return_errors=True
    ):
        if _is_certain(code):
            yield _block(code, scale)
        elif code.format == _PATTERNED:
            block = _block(code, scale)
            assert block.box is not None
            part, corner = _cut(grey, Rect.around(block.box))
            if not part.size:
                continue  # noticed, but at no known place
            again = [read for read in zxingcpp.read_barcodes(part, _SQUARE) if _is_certain(read)]
            yield _block(again[0], 1.0, corner) if again else block


def _barcodes(grey: _Grey) -> Iterator[Barcode]:
    for code in zxingcpp.read_barcodes(
        grey, _BARS, try_rotate=False, try_downscale=False, try_invert=False
    ):
        if _is_certain(code):
            yield code


def _is_certain(code: Barcode) -> bool:
    if not code.valid:
        return False
    if code.symbology in _CHECKED:
        return True
    rect = Rect.around(_quad(code))
    sides = sorted((rect.width, rect.height))
    return len(code.text) >= _MIN_LENGTH and sides[0] >= _MIN_HEIGHT * sides[1]


def _block(code: Barcode, scale: float = 1.0, corner: tuple[int, int] = (0, 0)) -> Block:
    left, top = corner
    a, b, c, d = ((x / scale + left, y / scale + top) for x, y in _quad(code))
    text = "".join(char for char in code.text if char.isprintable() or char in "\n\t")
    return Block(CODE, text.strip() if code.valid else "", (a, b, c, d))


def _area(code: Block) -> float:
    return Rect.around(code.box).area if code.box else 0.0


def _quad(code: Barcode) -> Quad:
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    a, b, c, d = ((float(corner.x), float(corner.y)) for corner in corners)
    return a, b, c, d


def _cut(pixels: NDArray[np.uint8], rect: Rect) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """The part of a page around a rectangle, and the place of its upper left corner."""
    margin = _MARGIN * max(rect.width, rect.height)
    left, top = max(0, int(rect.left - margin)), max(0, int(rect.top - margin))
    part = pixels[top : int(rect.bottom + margin), left : int(rect.right + margin)]
    return np.ascontiguousarray(part), (left, top)


def _distinct(codes: Iterable[Block]) -> list[Block]:
    """The codes without those at the place of another; those that were read are preferred."""
    kept: list[Block] = []
    for code in sorted(codes, key=lambda code: not code.text):
        assert code.box is not None
        center = quad_center(code.box)
        if not any(other.box and quad_contains(other.box, center) for other in kept):
            kept.append(code)
    return kept
