"""Reads the characters of a PDF page with their places in its picture."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # it ships no types

from ocrportal.geometry import Point, Rect
from ocrportal.ingest.readers.character_types import type_of
from ocrportal.ingest.readers.ideographs import unified
from ocrportal.results import Type

INVISIBLE_MODES = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)
"""Text that only clips what is drawn later is not drawn itself."""
_MAX_CHARACTERS = 50_000
"""A newspaper page has half as many. A hostile page could claim millions."""
_SAME = 0.01
"""Points, or shares, by which the same place or scale differs when it is computed."""
_MEANINGLESS = {"Cc", "Cn", "Co", "Cs"}
"""Categories of control, unassigned, private-use and surrogate characters."""


@dataclass(frozen=True, slots=True)
class Character:
    """One visible character, or a space; all measures are in pixels of the page picture."""

    text: str
    ink: Rect
    """The bounding box of the printed shape."""
    room: Rect
    """The box including the spacing of the font, as high as the line."""
    origin: Point
    """Its origin on the baseline."""
    direction: Point
    """The unit vector of its line."""
    size: float
    """The font size."""
    is_meant: bool
    """False if the file does not define which character it is."""
    type: Type
    """Without its size."""

    @property
    def is_space(self) -> bool:
        return self.text.isspace()


LINE_END = None
"""Marks the end of a line that PDFium has detected."""


@dataclass(frozen=True, slots=True)
class PageMap:
    """Maps page coordinates to pixels of the page picture."""

    left: float
    bottom: float
    across: float
    """Pixels per point along the x axis of the page; :attr:`up` along its y axis."""
    up: float
    turned: int
    width: int
    height: int

    @classmethod
    def of(cls, page: pdfium.PdfPage, size: tuple[int, int]) -> PageMap:
        left, bottom, right, top = page.get_bbox()
        turned = page.get_rotation()
        width, height = size
        shown = (height, width) if turned in (90, 270) else (width, height)
        across, up = shown[0] / (right - left), shown[1] / (top - bottom)
        return cls(left, bottom, across, up, turned, width, height)

    def point(self, x: float, y: float) -> Point:
        right = (x - self.left) * self.across
        up = (y - self.bottom) * self.up
        match self.turned:
            case 90:
                return up, right
            case 180:
                return self.width - right, up
            case 270:
                return self.width - up, self.height - right
            case _:
                return right, self.height - up

    def vector(self, x: float, y: float) -> Point:
        end, start = self.point(self.left + x, self.bottom + y), self.point(self.left, self.bottom)
        return end[0] - start[0], end[1] - start[1]

    def rectangle(self, left: float, bottom: float, right: float, top: float) -> Rect:
        return Rect.around((self.point(left, bottom), self.point(right, top)))


def characters(page: pdfium.PdfPage, size: tuple[int, int]) -> Iterator[Character | None]:
    """Yield the characters of the page in file order, with LINE_END between lines.

    Invisible text, such as the text layer of a recognised scan, and text outside of the page
    are skipped. Raises PdfiumError.
    """
    glyph: list[Character] = []
    for found in _listed(page, size):
        if glyph and (found is None or not _is_same_glyph(glyph[-1], found)):
            yield from _letters(glyph)
            glyph = []
        if found is None:
            yield LINE_END
        else:
            glyph.append(found)
    yield from _letters(glyph)


def _listed(page: pdfium.PdfPage, size: tuple[int, int]) -> Iterator[Character | None]:
    """Yield the characters as PDFium lists them: those of a ligature are at one place."""
    where = PageMap.of(page, size)
    text = page.get_textpage()
    try:
        visible: dict[int, bool] = {}
        forms: dict[int, _Form | None] = {}
        types: dict[int, Type] = {}
        for index in range(min(text.count_chars(), _MAX_CHARACTERS)):
            code = pdfium_c.FPDFText_GetUnicode(text, index)
            if pdfium_c.FPDFText_IsGenerated(text, index) == 1:
                if code in (10, 13):
                    yield LINE_END
                continue
            owner = pdfium_c.FPDFText_GetTextObject(text, index)
            address = ctypes.cast(owner, ctypes.c_void_p).value or 0
            if address not in visible:
                mode = pdfium_c.FPDFTextObj_GetTextRenderMode(owner)
                visible[address] = mode not in INVISIBLE_MODES
                forms[address] = _Form.of(owner, text, index)
                types[address] = type_of(text, index)
            if not visible[address]:
                continue
            found = _character(text, index, code, where, forms[address], types[address])
            if found is not None and _touches(found.ink, size):
                yield found
    finally:
        text.close()


def _is_same_glyph(first: Character, second: Character) -> bool:
    return first.origin == second.origin and first.room == second.room


def _letters(glyph: Sequence[Character]) -> Iterator[Character]:
    """Yield the characters of one glyph side by side, each with an equal share of its width."""
    count = len(glyph)
    if count < 2:
        yield from glyph
        return
    from_the_right = unicodedata.bidirectional(glyph[0].text) in ("R", "AL")
    letters = _in_order(glyph) if from_the_right else glyph
    for number, letter in enumerate(letters):
        index = count - 1 - number if from_the_right else number
        x, y = letter.direction
        across = letter.room.center_x - letter.origin[0], letter.room.center_y - letter.origin[1]
        # The origin is at the start of the glyph, and the centre of its box in the middle, even
        # if the glyph is rotated and its box therefore larger.
        width = 2 * max(0.0, across[0] * x + across[1] * y)
        start = width * index / count
        shift = width * ((index + 0.5) / count - 0.5)
        yield replace(
            letter,
            ink=_share(letter.ink, (x, y), count, shift),
            room=_share(letter.room, (x, y), count, shift),
            origin=(letter.origin[0] + x * start, letter.origin[1] + y * start),
        )


def _in_order(glyph: Sequence[Character]) -> Sequence[Character]:
    """The letters of a glyph of Arabic or Hebrew in the order of reading.

    PDFium lists those that the file names in reverse, and those of a presentation form, such as
    U+FEFB, as they are read.
    """
    backwards = glyph[::-1]
    as_read, reversed_ = ("".join(each.text for each in order) for order in (glyph, backwards))
    known = _presentation_forms()
    return glyph if as_read in known and reversed_ not in known else backwards


@cache
def _presentation_forms() -> frozenset[str]:
    """The letters of each ligature among the presentation forms of Arabic and Hebrew."""
    codes = (*range(0xFB1D, 0xFE00), *range(0xFE70, 0xFEFF))
    return frozenset(unicodedata.normalize("NFKC", chr(code)) for code in codes)


def _share(box: Rect, direction: Point, count: int, shift: float) -> Rect:
    """``box``, reduced to one of ``count`` shares and moved by ``shift`` along ``direction``."""
    x, y = direction
    half_width = box.width / 2 * (1 - abs(x) * (1 - 1 / count))
    half_height = box.height / 2 * (1 - abs(y) * (1 - 1 / count))
    center_x, center_y = box.center_x + x * shift, box.center_y + y * shift
    return Rect(
        center_x - half_width,
        center_y - half_height,
        center_x + half_width,
        center_y + half_height,
    )


@dataclass(frozen=True, slots=True)
class _Form:
    """A text in a form, with the place of its form on the page.

    PDFium leaves the characters of an ActualText at their places in the form. Chromium writes one
    for each ideograph whose glyph is a radical too, such as 一 and 人.
    """

    matrix: pdfium.PdfMatrix
    bounds: tuple[float, float, float, float]
    """The left, bottom, right and top of the text in the form."""

    @classmethod
    def of(
        cls, owner: pdfium_c.FPDF_PAGEOBJECT, text: pdfium.PdfTextPage, index: int
    ) -> _Form | None:
        """None for a text that is in no form, or in one at the place of the page itself."""
        in_form, on_page = pdfium_c.FS_MATRIX(), pdfium_c.FS_MATRIX()
        sides = [ctypes.c_float() for _ in range(4)]
        if not (
            pdfium_c.FPDFPageObj_GetMatrix(owner, in_form)
            and pdfium_c.FPDFText_GetMatrix(text, index, on_page)
            and pdfium_c.FPDFPageObj_GetBounds(owner, *sides)
        ):
            return None
        area = in_form.a * in_form.d - in_form.b * in_form.c
        if not area:
            return None
        inverse = pdfium.PdfMatrix(
            in_form.d / area,
            -in_form.b / area,
            -in_form.c / area,
            in_form.a / area,
            (in_form.c * in_form.f - in_form.d * in_form.e) / area,
            (in_form.b * in_form.e - in_form.a * in_form.f) / area,
        )
        matrix = inverse.multiply(pdfium.PdfMatrix.from_raw(on_page))
        is_moved = any(
            abs(value - same) > _SAME
            for value, same in zip(matrix.get(), pdfium.PdfMatrix().get(), strict=True)
        )
        left, bottom, right, top = (side.value for side in sides)
        return cls(matrix, (left, bottom, right, top)) if is_moved else None

    def lacks(self, left: float, bottom: float, right: float, top: float) -> bool:
        """True for a place that is within the text in the form, and not on the page."""
        x, y = (left + right) / 2, (bottom + top) / 2
        return _holds(self.bounds, x, y) and not _holds(self.matrix.on_rect(*self.bounds), x, y)


def _holds(bounds: tuple[float, float, float, float], x: float, y: float) -> bool:
    left, bottom, right, top = bounds
    return left - _SAME <= x <= right + _SAME and bottom - _SAME <= y <= top + _SAME


def _character(
    text: pdfium.PdfTextPage,
    index: int,
    code: int,
    where: PageMap,
    form: _Form | None,
    type_: Type,
) -> Character | None:
    matrix = pdfium_c.FS_MATRIX()
    room = pdfium_c.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not (
        pdfium_c.FPDFText_GetMatrix(text, index, matrix)
        and pdfium_c.FPDFText_GetLooseCharBox(text, index, room)
        and pdfium_c.FPDFText_GetCharOrigin(text, index, x, y)
        and pdfium_c.FPDFText_GetCharBox(text, index, left, right, bottom, top)
    ):
        return None
    numbers = (
        *(matrix.a, matrix.b, matrix.c, matrix.d, x.value, y.value),
        *(room.left, room.bottom, room.right, room.top),
        *(left.value, bottom.value, right.value, top.value),
    )
    if not all(map(math.isfinite, numbers)):
        return None
    origin = x.value, y.value
    loose = room.left, room.bottom, room.right, room.top
    tight = left.value, bottom.value, right.value, top.value
    if form is not None and form.lacks(*tight):
        origin = form.matrix.on_point(*origin)
        loose, tight = form.matrix.on_rect(*loose), form.matrix.on_rect(*tight)
    along = where.vector(matrix.a, matrix.b)
    length = math.hypot(*along)
    down = math.hypot(*where.vector(matrix.c, matrix.d))
    if not length or not down:
        return None
    if pdfium_c.FPDFText_IsHyphen(text, index) == 1:
        code = ord("-")
    letter = unified(chr(code))
    kind = unicodedata.category(letter)
    return Character(
        text=" " if letter.isspace() or kind in ("Zs", "Cf") else letter,
        ink=where.rectangle(*tight),
        room=where.rectangle(*loose),
        origin=where.point(*origin),
        direction=(along[0] / length, along[1] / length),
        size=pdfium_c.FPDFText_GetFontSize(text, index) * down,
        is_meant=kind not in _MEANINGLESS
        and letter != "\ufffd"
        and pdfium_c.FPDFText_HasUnicodeMapError(text, index) != 1,
        type=type_,
    )


def _touches(box: Rect, size: tuple[int, int]) -> bool:
    return box.right >= 0 and box.bottom >= 0 and box.left <= size[0] and box.top <= size[1]
