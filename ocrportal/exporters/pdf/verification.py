"""Verification of a searchable PDF: its text, the positions of its words, and its fonts."""

from __future__ import annotations

import ctypes
from difflib import SequenceMatcher
from itertools import islice
from typing import Any, BinaryIO

import cv2
import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # it ships no types
from numpy.typing import NDArray

from ocrportal.exporters.pdf.pdfium_lock import PDFIUM
from ocrportal.exporters.verification import Score, sample_of, score_of
from ocrportal.ink import ink_on_page
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.plain_text import in_one_line
from ocrportal.layout.unplaced import unplaced_text
from ocrportal.results import OWN_TEXT

_MAX_SIDE = 1200
"""Longer side of a rendered page, in pixels."""
_WINDOW = 31
"""Pixels a side of the square whose mean is the background of a pixel."""
_CONTRAST = 25
"""Minimum difference of ink from the background, in grey levels."""
_DARK = 100
"""Pages with a median grey level below this are printed bright on dark."""
_RULE = _MAX_SIDE // 5
"""Length in pixels from which horizontal or vertical ink is a rule rather than a letter."""
_EDGE, _WITHIN = 0.15, 0.25
"""Extent of the edge and of the middle of a box to either side, in heights."""
_MAX_OBJECTS = 5000
"""Text objects that are checked on one page."""


class PdfVerification:
    """Verifies one PDF: the lines of the sampled pages, and the positions of its words."""

    def __init__(self, page_count: int) -> None:
        self._page_count = page_count
        self._sample = sample_of(page_count)
        self._expected: dict[int, list[str]] = {}

    def observe(self, page: LaidOutPage) -> None:
        """Keep the lines of a sampled page; a page with its own text gets no text layer."""
        if page.index in self._sample:
            self._expected[page.index] = [] if page.result.engine == OWN_TEXT else _lines_of(page)

    def verify(self, file: BinaryIO) -> Score:
        """Read the written PDF."""
        total, equal, words, on_ink, fonts = 0, 0, 0, 0, True
        with PDFIUM, pdfium.PdfDocument(file) as pdf:
            for index, expected in sorted(self._expected.items()):
                if index >= len(pdf):
                    break
                shown = pdf[index]
                if expected:
                    same, both = _same(expected, _copied(shown))
                    equal, total = equal + same, total + both
                found = _Found(shown)
                words, on_ink = words + found.words, on_ink + found.on_ink
                fonts = fonts and found.embedded
                shown.close()
            is_signed = _is_signed(pdf)
            pages_match = self._page_count == len(pdf) and self._expected.keys() >= self._sample
        return score_of(
            text=equal / total if total else 1.0,
            on_ink=on_ink / words if words else 1.0,
            fonts=fonts,
            pages_match=pages_match,
            looked_at=len(self._sample),
            pages=self._page_count,
            is_signed=is_signed,
        )


def _is_signed(pdf: Any) -> bool:
    """Whether a field of the file has a digital signature, which states the bytes it covers."""
    fields = (
        pdfium_c.FPDF_GetSignatureObject(pdf, index)
        for index in range(pdfium_c.FPDF_GetSignatureCount(pdf))
    )
    return any(pdfium_c.FPDFSignatureObj_GetByteRange(field, None, 0) > 0 for field in fields)


def _lines_of(page: LaidOutPage) -> list[str]:
    lines = [line.text for line in page.printed_lines()]
    return lines + [in_one_line(text) for text in unplaced_text(page)]


def _copied(page: Any) -> list[str]:
    """The lines that a viewer copies from a page."""
    text: str = page.get_textpage().get_text_range()
    # PDFium returns a hyphen at the end of a line and the line break as one character.
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
    """Counts the invisible words of a page, and those on ink of the rendered page."""

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
    """Whether a text object has characters other than spaces."""
    size = pdfium_c.FPDFTextObj_GetText(item, page_text, None, 0)
    buffer = ctypes.create_string_buffer(size)
    into = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    pdfium_c.FPDFTextObj_GetText(item, page_text, into, size)
    return bool(buffer.raw.decode("utf-16-le", "ignore").strip("\0 \u3000\t\r\n"))


class _Ink:
    """Pixels of a rendered page that are darker than the background; on a dark page, brighter."""

    def __init__(self, page: Any) -> None:
        scale = _MAX_SIDE / max(page.get_size())
        drawn = page.render(scale=scale, grayscale=True).to_pil().convert("L")
        grey = np.asarray(drawn)
        if np.median(grey) < _DARK:
            grey = 255 - grey
        ink = ink_on_page(grey, window=_WINDOW, contrast=_CONTRAST) // 255
        # A rule along the edge of a word would outweigh the word itself.
        for length in (np.ones((1, _RULE), np.uint8), np.ones((_RULE, 1), np.uint8)):
            rule = cv2.morphologyEx(ink, cv2.MORPH_OPEN, length)
            ink[cv2.dilate(rule, np.ones((3, 3), np.uint8)) > 0] = 0
        sums = ink.cumsum(0, dtype=np.int64).cumsum(1)
        self._sums: NDArray[np.int64] = np.pad(sums, ((1, 0), (1, 0)))
        self._size = drawn.size
        self._page = page

    def is_under(self, bounds: tuple[float, float, float, float]) -> bool:
        """Whether the box of a word has ink, and more in its middle than along its long edges."""
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
    """Three ranges of pixels: along one edge of a box, in its middle, and along the other edge."""
    height = end - start
    edge, half = max(round(_EDGE * height), 1), max(round(_WITHIN * height), 1)
    middle = (start + end) // 2
    return [
        (start - edge, start + edge),
        (middle - half, middle + half),
        (end - edge, end + edge),
    ]
