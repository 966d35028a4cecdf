"""The visible text that a page of a PDF has itself, and the recognised text that it lacks.

A page can be recognised although it has visible text: a scan with a printed date, or a page with
text in pictures. Text that is already there is not added again. Text of a font with a wrong map
is different from what was recognised in its place, which is added then.
"""

from __future__ import annotations

import ctypes
import io
import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # it ships no types
from pikepdf import Array, Dictionary, Name, Page, Pdf

from ocrportal.exporters.pdf.matrices import Matrix, applied, inverse
from ocrportal.exporters.pdf.pdfium_lock import PDFIUM
from ocrportal.exporters.pdf.type_box import FittedLine
from ocrportal.geometry import Rect, quad_part

_MAX_CHARACTERS = 100_000
_MIN_SIMILARITY = 0.5
"""Half-way between right text and text of a wrong font map, as in
workers/embedded_text/own_text.py."""
_MIN_SPACES = 0.5
"""Share of the spaces between words that text must have to be found by searches."""
_WORD = re.compile(r"[^\W\u2e80-\uffff]+[^\w\s]*|[\w\u2e80-\uffff]|[^\w\s]+")
"""A word with the marks after it, or an ideograph."""
_WORD_SPACE = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])", re.ASCII)
_MODES_WITHOUT_INK = (
    pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE,
    pdfium_c.FPDF_TEXTRENDERMODE_CLIP,
)
_MARGIN = 0.3
"""How far the center of a character is outside of the box of its line at most, in heights."""


@dataclass(frozen=True, slots=True)
class VisibleCharacter:
    """A character in pixels of the upright page image, with y downwards."""

    text: str
    box: Rect
    order: int
    """Its place in the text of the page. A space before it leaves out a number."""


@dataclass(frozen=True, slots=True)
class _Covering:
    """A character over a line, from ``start`` to ``end`` as shares of the line's length."""

    character: VisibleCharacter
    start: float
    end: float


class VisibleText:
    """The visible characters of a page."""

    def __init__(self, characters: Sequence[VisibleCharacter] = ()) -> None:
        self._from_above = sorted(characters, key=lambda character: character.box.center_y)
        self._heights = [character.box.center_y for character in self._from_above]

    def lacking(self, line: FittedLine) -> list[FittedLine]:
        """The line without the words that are visible text in its place.

        It is the line itself if the place has no text, or another one.
        """
        covering = self._over(line)
        if not covering:
            return [line]
        edges = line.edges or _equal_shares(len(line.text))
        is_covered = [
            any(each.start <= (start + end) / 2 <= each.end for each in covering)
            for start, end in edges
        ]
        if not _is_same(line.text, is_covered, [each.character for each in covering]):
            return [line]
        return list(_uncovered_words(line, edges, is_covered))

    def _over(self, line: FittedLine) -> list[_Covering]:
        """The characters over a line, in the order of the page's text."""
        area = Rect.around(line.box)
        origin, right, _bottom_right, bottom = line.box
        length, height = math.dist(origin, right), math.dist(origin, bottom)
        if not length or not height:
            return []
        margin = _MARGIN * height
        first = bisect_left(self._heights, area.top - margin)
        last = bisect_left(self._heights, area.bottom + margin)
        across = (right[0] - origin[0]) / length, (right[1] - origin[1]) / length
        down = (bottom[0] - origin[0]) / height, (bottom[1] - origin[1]) / height
        covering = []
        for character in self._from_above[first:last]:
            box = character.box
            x, y = box.center_x - origin[0], box.center_y - origin[1]
            place = (x * across[0] + y * across[1]) / length
            half = (abs(across[0]) * box.width + abs(across[1]) * box.height) / 2 / length
            if -margin <= x * down[0] + y * down[1] <= height + margin and 0 <= place <= 1:
                covering.append(_Covering(character, place - half, place + half))
        return sorted(covering, key=lambda each: each.character.order)


NO_TEXT = VisibleText()


def visible_text(pdf: Pdf, page: Page, to_page: Matrix, height: int) -> VisibleText:
    """The visible text of a page of ``pdf``.

    ``to_page`` maps pixels of the upright image, which is ``height`` pixels high, with y upwards,
    to the coordinates of the page.
    """
    with PDFIUM, pdfium.PdfDocument(_alone(pdf, page)) as single:
        shown = single[0]
        text = shown.get_textpage()
        try:
            return VisibleText(list(_characters(text, to_page, height)))
        finally:
            text.close()
            shown.close()


def _alone(pdf: Pdf, page: Page) -> io.BytesIO:
    """A file of the contents of one page, without what else the page refers to."""
    contents = {
        key: value
        for key in ("/Contents", "/Resources")
        if (value := page.obj.get(key)) is not None
    }
    single = Pdf.new()
    copied = single.copy_foreign(pdf.make_indirect(Dictionary(contents)))
    copied.Type, copied.MediaBox = Name.Page, Array(page.mediabox.as_list())
    single.pages.append(Page(copied))
    file = io.BytesIO()
    single.save(file, compress_streams=False)
    file.seek(0)
    return file


def _characters(
    text: pdfium.PdfTextPage, to_page: Matrix, height: int
) -> Iterator[VisibleCharacter]:
    to_pixels = inverse(to_page)
    is_visible: dict[int, bool] = {}
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    order = 0
    for index in range(min(text.count_chars(), _MAX_CHARACTERS)):
        letter = chr(pdfium_c.FPDFText_GetUnicode(text, index))
        if letter.isspace() or letter == "\0":
            order += 2
            continue
        owner = pdfium_c.FPDFText_GetTextObject(text, index)
        address = ctypes.cast(owner, ctypes.c_void_p).value or 0
        if address not in is_visible:
            mode = pdfium_c.FPDFTextObj_GetTextRenderMode(owner)
            is_visible[address] = mode not in _MODES_WITHOUT_INK
        if not is_visible[address]:
            continue
        if not pdfium_c.FPDFText_GetCharBox(text, index, left, right, bottom, top):
            continue
        corners = [
            (x, height - y)
            for x, y in (
                applied(to_pixels, left.value, bottom.value),
                applied(to_pixels, right.value, top.value),
            )
        ]
        order += 1
        yield VisibleCharacter(letter, Rect.around(corners), order)


def _is_same(text: str, is_covered: Sequence[bool], characters: Sequence[VisibleCharacter]) -> bool:
    """Whether the covered part of a text is the same as the characters that cover it."""
    ours = "".join(c for c, covered in zip(text, is_covered, strict=True) if covered)
    own = "".join(character.text for character in characters)
    similarity = SequenceMatcher(None, _letters(ours), _letters(own), autojunk=False).ratio()
    if similarity < _MIN_SIMILARITY:
        return False
    spaces = sum(after.order - before.order > 1 for before, after in pairwise(characters))
    return spaces >= _MIN_SPACES * len(_WORD_SPACE.findall(ours))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _equal_shares(count: int) -> list[tuple[float, float]]:
    return [(index / count, (index + 1) / count) for index in range(count)]


def _uncovered_words(
    line: FittedLine, edges: Sequence[tuple[float, float]], is_covered: Sequence[bool]
) -> Iterator[FittedLine]:
    """The parts of a line between its covered words."""
    begin = None
    for word in [*_WORD.finditer(line.text), None]:
        is_kept = word is not None and 2 * sum(is_covered[slice(*word.span())]) < len(word[0])
        if word is not None and is_kept:
            begin, end = word.start() if begin is None else begin, word.end()
        elif begin is not None:
            if any(map(str.isalnum, line.text[begin:end])):
                yield _part(line, edges, begin, end)
            begin = None


def _part(
    line: FittedLine, edges: Sequence[tuple[float, float]], begin: int, end: int
) -> FittedLine:
    text = line.text[begin:end]
    start, stop = edges[begin][0], edges[begin + len(text.rstrip()) - 1][1]
    length = (stop - start) or 1.0
    placed = [((a - start) / length, (b - start) / length) for a, b in edges[begin:end]]
    box = quad_part(line.box, start, stop)
    return FittedLine(text, box, placed if line.edges else ())
