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
from itertools import accumulate, pairwise
from operator import or_

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # it ships no types
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream

from ocrportal.exporters.pdf.page_contents import decoded_contents, used_resources
from ocrportal.exporters.pdf.pdfium_lock import PDFIUM
from ocrportal.exporters.pdf.type_box import FittedLine
from ocrportal.geometry import Rect, quad_part
from ocrportal.matrices import Matrix, applied, inverse
from ocrportal.text import ems_of

_MAX_CHARACTERS = 100_000
_MIN_SIMILARITY = 0.5
"""Half-way between right text and text of a wrong font map, as in
workers/embedded_text/own_text.py."""
_MAX_COVERING = 10
"""Characters over a line for each of its own: with more, its text is not that of the place."""
_MIN_SPACES = 0.5
"""Share of the spaces between words that text must have to be found by searches."""
_WORD = re.compile(r"[^\W\u2e80-\uffff]+[^\w\s]*|[\w\u2e80-\uffff]|[^\w\s]+")
"""A word with the marks after it, or an ideograph."""
_WORD_SPACE = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])", re.ASCII)
_MODES_WITHOUT_INK = (
    pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE,
    pdfium_c.FPDF_TEXTRENDERMODE_CLIP,
)
_BESIDE = 0.2
"""How far a character covers the white at both of its sides, in heights."""
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
        if not covering or len(covering) > _MAX_COVERING * len(line.text):
            return [line]
        edges = line.edges or _estimated_shares(line.text)
        is_covered = [
            any(each.start <= (start + end) / 2 <= each.end for each in covering)
            for start, end in edges
        ]
        own = [each.character for each in covering]
        is_among = _is_among(line.text, own)
        if not _is_same(line.text, is_covered, own) or _lack_spaces(line.text, is_among, own):
            return [line]
        # The places of characters are not exact.
        is_shown = list(map(or_, is_covered, is_among))
        return list(_uncovered_words(line, edges, is_shown))

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
            width = abs(across[0]) * box.width + abs(across[1]) * box.height
            half = (width / 2 + _BESIDE * height) / length
            if -margin <= x * down[0] + y * down[1] <= height + margin and 0 <= place <= 1:
                covering.append(_Covering(character, place - half, place + half))
        return sorted(covering, key=lambda each: each.character.order)


NO_TEXT = VisibleText()


def visible_text(
    pdf: Pdf, page: Page, box: Sequence[float], to_page: Matrix, height: int
) -> VisibleText:
    """The visible text of a page of ``pdf``.

    ``box`` is the visible part of the page: its left, bottom, right and top.
    ``to_page`` maps pixels of the upright image, which is ``height`` pixels high, with y upwards,
    to the coordinates of the page.
    """
    alone = _alone(pdf, page, box)
    with PDFIUM, pdfium.PdfDocument(alone) as single:
        shown = single[0]
        text = shown.get_textpage()
        try:
            return VisibleText(list(_characters(text, to_page, height)))
        finally:
            text.close()
            shown.close()


def _alone(pdf: Pdf, page: Page, box: Sequence[float]) -> io.BytesIO:
    """A file of the contents of one page, without its pictures and what else it refers to."""
    contents = {"/Type": Name.Page, "/MediaBox": Array(box)}
    if "/Contents" in page.obj:
        contents["/Contents"] = page.obj.Contents
    resources = page.obj.get("/Resources")
    if isinstance(resources, Dictionary):
        used = used_resources(resources, decoded_contents(page))
        drawn = used.get("/XObject")
        if isinstance(drawn, Dictionary):
            forms = {
                name: entry
                for name, entry in drawn.as_dict().items()
                if isinstance(entry, Stream) and entry.get("/Subtype") == Name.Form
            }
            used = Dictionary({**used.as_dict(), "/XObject": Dictionary(forms)})
        contents["/Resources"] = used
    single = Pdf.new()
    copied = single.copy_foreign(pdf.make_indirect(Dictionary(contents)))
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
    own = _letters("".join(_texts(characters)))
    similarity = SequenceMatcher(None, _letters(ours), own, autojunk=False).ratio()
    return similarity >= _MIN_SIMILARITY


def _lack_spaces(
    text: str, is_among: Sequence[bool], characters: Sequence[VisibleCharacter]
) -> bool:
    """Whether characters lack spaces between the words of a text that are among them."""
    spaces = sum(after.order - before.order > 1 for before, after in pairwise(characters))
    printed = [space.start() for space in _WORD_SPACE.finditer(text)]
    among = sum(is_among[place - 1] and is_among[place + 1] for place in printed)
    return spaces < _MIN_SPACES * among


def _is_among(text: str, characters: Sequence[VisibleCharacter]) -> list[bool]:
    """For each character of a text, whether the characters of the page have it in the same order.

    Single letters are found anywhere, and do not count.
    """
    ours, own = ([_letters(each)[:1] for each in part] for part in (text, _texts(characters)))
    places = [place for place, letter in enumerate(ours) if letter]
    matcher = SequenceMatcher(
        None, list(filter(None, ours)), list(filter(None, own)), autojunk=False
    )
    found = [False] * len(text)
    for block in matcher.get_matching_blocks():
        for place in places[block.a : block.a + block.size] if block.size > 1 else ():
            found[place] = True
    return found


def _texts(characters: Sequence[VisibleCharacter]) -> list[str]:
    return [character.text for character in characters]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _estimated_shares(text: str) -> list[tuple[float, float]]:
    ends = list(accumulate(map(ems_of, text), initial=0.0))
    return [(start / ends[-1], end / ends[-1]) for start, end in pairwise(ends)]


def _uncovered_words(
    line: FittedLine, edges: Sequence[tuple[float, float]], is_covered: Sequence[bool]
) -> Iterator[FittedLine]:
    """The parts of a line between its covered words."""
    begin = None
    for word in [*_WORD.finditer(line.text), None]:
        is_kept = word is not None and not _is_covered(word, is_covered)
        if word is not None and is_kept:
            begin, end = word.start() if begin is None else begin, word.end()
        elif begin is not None:
            if any(map(str.isalnum, line.text[begin:end])):
                yield _part(line, edges, begin, end)
            begin = None


def _is_covered(word: re.Match[str], is_covered: Sequence[bool]) -> bool:
    """Whether half of the letters of a word are covered; of a sign, half of its characters."""
    places = range(*word.span())
    letters = [place for place in places if word.string[place].isalnum()] or places
    return 2 * sum(is_covered[place] for place in letters) >= len(letters)


def _part(
    line: FittedLine, edges: Sequence[tuple[float, float]], begin: int, end: int
) -> FittedLine:
    text = line.text[begin:end]
    start, stop = edges[begin][0], edges[begin + len(text.rstrip()) - 1][1]
    length = (stop - start) or 1.0
    placed = [((a - start) / length, (b - start) / length) for a, b in edges[begin:end]]
    box = quad_part(line.box, start, stop)
    return FittedLine(text, box, placed if line.edges else ())
