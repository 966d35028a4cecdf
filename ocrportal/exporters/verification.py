"""A written file, read back: does it say what was recognised, where it is printed?

Long documents are judged by a sample of their pages, evenly spread, so that the check of a
book takes no longer than that of a booklet: at most ``SAMPLE`` pages are drawn.
"""

from __future__ import annotations

import ctypes
import threading
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from itertools import islice
from typing import Any, BinaryIO

import cv2
import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # it ships no types
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from lxml import etree
from numpy.typing import NDArray
from PIL import ImageFilter

from ocrportal.catalogue.spec import services
from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.exporters.flow import NEIGHBOURS, FlowPage, flow_of, is_furniture
from ocrportal.exporters.options import ExportOptions
from ocrportal.exporters.text import text_rows
from ocrportal.exporters.unplaced import unplaced_rows
from ocrportal.layout.contents import normalize_for_match
from ocrportal.layout.list_markers import mark_of
from ocrportal.layout.page import Paragraph, lay_out
from ocrportal.results import OWN_TEXT

_PDFIUM = threading.Lock()
"""PDFium serves one thread at a time, whichever documents they read; so its documentation says."""
SAMPLE = 20
"""Pages looked at in one document."""
PROBLEMS: dict[str, str | Promise] = {
    "pages-missing": _("The file does not have as many pages as were recognised."),
    "text-differs": _("Some of the recognised text is missing from the file or differs."),
    "text-off-ink": _("Some of the text is not at its printed position."),
    "font-not-embedded": _(
        "A font is not embedded in the file, so it may look different on other devices."
    ),
}
"""What can be wrong with a file, by code, and how it is told."""
_SOUND_TEXT = 0.999
_SOUND_PLACES = 0.9
_MAX_SIDE = 1200
"""Pixels of a page as it is drawn for the check."""
_NEIGHBOURHOOD = 15
"""Pixels around one that are its ground."""
_CONTRAST = 24
"""Grey levels by which ink stands off its ground."""
_DARK = 100
"""Pages whose usual grey is below this are printed bright on dark."""
_RULE = _MAX_SIDE // 5
"""Pixels in a row, or below each other, from which ink is a rule and no letter."""
_EDGE, _WITHIN = 0.15, 0.25
"""What counts as a box's edge and middle: so much to each side of them, in heights."""
_MAX_OBJECTS = 5000
"""Pieces of text looked at on one page."""
_UNJOINED = ExportOptions(lines="printed")
_WORD_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"


@dataclass(frozen=True, slots=True)
class Score:
    """What a reader of the file gets, as far as the sample tells."""

    text: float
    """Share of the text that comes back as it was recognised, 0 to 1."""
    on_ink: float | None
    """Share of the words that lie on ink, 0 to 1; None where text has no fixed place."""
    fonts: bool
    """Whether every font is in the file."""
    problems: tuple[str, ...]
    """Keys of ``PROBLEMS``."""
    looked_at: int
    """Pages on which this is founded."""
    pages: int
    """Pages there are."""


def worst_of(scores: Sequence[Score]) -> Score:
    """Of several files what the worst of each kind is like; ``scores`` are one at least."""
    return Score(
        text=min(score.text for score in scores),
        on_ink=min((s.on_ink for s in scores if s.on_ink is not None), default=None),
        fonts=all(score.fonts for score in scores),
        problems=tuple(code for code in PROBLEMS if any(code in s.problems for s in scores)),
        looked_at=sum(score.looked_at for score in scores),
        pages=sum(score.pages for score in scores),
    )


def check_pdf(document: ExportDocument, file: BinaryIO) -> Score:
    """Judge a searchable PDF that was written from a document."""
    with _PDFIUM, pdfium.PdfDocument(file) as pdf:
        sample = _sample(len(pdf))
        said, equal, words, on_ink, embedded, count = 0, 0, 0, 0, True, 0
        for index, page in enumerate(document.iter_pages()):
            count += 1
            if index not in sample:
                continue
            shown = pdf[index]
            expected = [] if page.result.engine == OWN_TEXT else _lines_of(page)
            if expected:
                same, both = _same(expected, _copied(shown))
                equal, said = equal + same, said + both
            found = _Found(shown)
            words, on_ink = words + found.words, on_ink + found.on_ink
            embedded = embedded and found.embedded
            shown.close()
        pages_match = count == len(pdf)
    return _score(
        equal / said if said else 1.0,
        on_ink / words if words else 1.0,
        embedded,
        pages_match,
        (len(sample), count),
    )


def check_word(document: ExportDocument, file: BinaryIO) -> Score:
    """Judge a Word file that was written from a document."""
    with zipfile.ZipFile(file) as package, package.open("word/document.xml") as body:
        texts = (node.text or "" for _event, node in etree.iterparse(body, tag=_WORD_TEXT))
        written = normalize_for_match("".join(texts))
    count = sum(1 for _page in document.iter_pages())
    sample = _sample(count)
    said = found = 0
    for page in _among_neighbours(document, sample):
        for row in map(normalize_for_match, _written_rows(page)):
            said += len(row)
            found += len(row) * (row in written)
    seen = (len(sample), count)
    return _score(found / said if said else 1.0, None, embedded=True, pages_match=True, seen=seen)


def _among_neighbours(document: ExportDocument, sample: set[int]) -> Iterator[FlowPage]:
    """The pages of a sample, their running heads told by the pages around them."""
    near = {place + step for place in sample for step in range(-NEIGHBOURS, NEIGHBOURS + 1)}
    pages = {index: page for index, page in enumerate(document.iter_pages()) if index in near}
    for place in sorted(sample):
        around = range(place - NEIGHBOURS, place + NEIGHBOURS + 1)
        some = [pages[index] for index in around if index in pages]
        part = ExportDocument(document.title, partial(iter, some))
        yield next(flow for flow in flow_of(part, _UNJOINED) if flow.page is pages[place])


def _written_rows(page: FlowPage) -> Iterator[str]:
    """What Word says of a page itself; marks of lists and running heads it counts anew."""
    for part in page.parts:
        if isinstance(part, Paragraph) and part.kind == "item":
            mark = mark_of(part.text)
            yield part.text[mark.length :] if mark else part.text
        elif not is_furniture(part):
            for row in text_rows(part):
                yield from row.split("\t")


def _score(
    text: float, on_ink: float | None, embedded: bool, pages_match: bool, seen: tuple[int, int]
) -> Score:
    wrong = {
        "pages-missing": not pages_match,
        "text-differs": text < _SOUND_TEXT,
        "text-off-ink": on_ink is not None and on_ink < _SOUND_PLACES,
        "font-not-embedded": not embedded,
    }
    problems = tuple(code for code, is_so in wrong.items() if is_so)
    return Score(text, on_ink, embedded, problems, *seen)


def _sample(count: int) -> set[int]:
    """Places of at most ``SAMPLE`` pages among ``count``, the first and last among them."""
    if count <= SAMPLE:
        return set(range(count))
    return {round(step * (count - 1) / (SAMPLE - 1)) for step in range(SAMPLE)}


def _lines_of(page: ExportPage) -> list[str]:
    lines = [line for part in lay_out(page.result).paragraphs for line in part.lines]
    rows = unplaced_rows(page.result, services().get(page.service))
    return [line.text for line in lines] + [" ".join(row.split()) for row in rows]


def _copied(page: Any) -> list[str]:
    """The lines that a viewer copies from a page."""
    text: str = page.get_textpage().get_text_range()
    # PDFium shows a hyphen at the end of a line, and the break behind it, as one sign.
    text = text.replace("\r\n", "\n").replace("\ufffe", "-\n").replace("\x02", "-\n")
    return [line for line in text.split("\n") if line]


def _same(expected: list[str], copied: list[str]) -> tuple[int, int]:
    """How many characters are the same in both, and how many there are; each counts twice."""
    same = 0
    matcher = SequenceMatcher(None, expected, copied, autojunk=False)
    for kind, first, last, copied_first, copied_last in matcher.get_opcodes():
        old, new = "\n".join(expected[first:last]), "\n".join(copied[copied_first:copied_last])
        if kind == "equal":
            same += len(old)
        elif kind == "replace":
            blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
            same += sum(block.size for block in blocks)
    breaks = sum(kind != "insert" for kind, *_places in matcher.get_opcodes()) - 1
    total = len("\n".join(expected)) + len("\n".join(copied))
    return 2 * (same + max(breaks, 0)), total


class _Found:
    """What stands on a page as invisible text, held against the page as it is drawn."""

    def __init__(self, page: Any) -> None:
        self.words = self.on_ink = 0
        self.embedded = True
        ink = _Ink(page)
        text = page.get_textpage()
        for item in islice(page.get_objects([pdfium_c.FPDF_PAGEOBJ_TEXT]), _MAX_OBJECTS):
            font = pdfium_c.FPDFTextObj_GetFont(item)
            self.embedded = self.embedded and pdfium_c.FPDFFont_GetIsEmbedded(font) == 1
            mode = pdfium_c.FPDFTextObj_GetTextRenderMode(item)
            if mode == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE and _has_text(item, text):
                self.words += 1
                self.on_ink += ink.is_under(item.get_bounds())
        text.close()


def _has_text(item: Any, page_text: Any) -> bool:
    """Whether a piece of text is more than blanks."""
    size = pdfium_c.FPDFTextObj_GetText(item, page_text, None, 0)
    buffer = ctypes.create_string_buffer(size)
    into = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    pdfium_c.FPDFTextObj_GetText(item, page_text, into, size)
    return bool(buffer.raw.decode("utf-16-le", "ignore").strip("\0 \u3000\t\r\n"))


class _Ink:
    """Where on a drawn page something is darker than its ground; on a dark page, brighter."""

    def __init__(self, page: Any) -> None:
        scale = _MAX_SIDE / max(page.get_size())
        drawn = page.render(scale=scale, grayscale=True).to_pil().convert("L")
        ground = drawn.filter(ImageFilter.BoxBlur(_NEIGHBOURHOOD))
        darker = np.asarray(ground, np.int16) - np.asarray(drawn, np.int16)
        if np.median(np.asarray(drawn)) < _DARK:
            darker = -darker
        ink = (darker > _CONTRAST).astype(np.uint8)
        # A rule along the edge of a word would outweigh the word itself.
        for length in (np.ones((1, _RULE), np.uint8), np.ones((_RULE, 1), np.uint8)):
            rule = cv2.morphologyEx(ink, cv2.MORPH_OPEN, length)
            ink[cv2.dilate(rule, np.ones((3, 3), np.uint8)) > 0] = 0
        sums = ink.cumsum(0, dtype=np.int64).cumsum(1)
        self._sums: NDArray[np.int64] = np.pad(sums, ((1, 0), (1, 0)))
        self._size = drawn.size
        self._page = page

    def is_under(self, bounds: tuple[float, float, float, float]) -> bool:
        """Whether a word's box has ink, and more of it within than along its long edges."""
        left, bottom, right, top = bounds
        (x0, y0), (x1, y1) = self._pixel(left, bottom), self._pixel(right, top)
        box = min(x0, x1), min(y0, y1), max(x0, x1) + 1, max(y0, y1) + 1
        ink = self._count(*box)
        if x1 == x0 or ink == 0:
            return False
        upright = box[3] - box[1] > 2 * (box[2] - box[0])
        if upright:
            bands = [(left, box[1], right, box[3]) for left, right in _bands(box[0], box[2])]
        else:
            bands = [(box[0], top, box[2], bottom) for top, bottom in _bands(box[1], box[3])]
        before, within, behind = (
            self._count(*band) / max((band[2] - band[0]) * (band[3] - band[1]), 1) for band in bands
        )
        return within >= max(before, behind)

    def _pixel(self, x: float, y: float) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDF_PageToDevice(self._page, 0, 0, *self._size, 0, x, y, across, down)
        return across.value, down.value

    def _count(self, left: int, top: int, right: int, bottom: int) -> int:
        width, height = self._size
        left, right = (min(max(side, 0), width) for side in (left, right))
        top, bottom = (min(max(side, 0), height) for side in (top, bottom))
        sums = self._sums
        inside = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
        return int(inside)


def _bands(start: int, end: int) -> list[tuple[int, int]]:
    """The pixels along one edge of a box, in its middle, and along the other edge."""
    height = end - start
    edge, half = max(round(_EDGE * height), 1), max(round(_WITHIN * height), 1)
    middle = (start + end) // 2
    return [
        (start - edge, start + edge),
        (middle - half, middle + half),
        (end - edge, end + edge),
    ]
