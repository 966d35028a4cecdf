"""Extracts the text of a PDF page, if it matches what is visible on the page."""

from __future__ import annotations

import math
import re
import time
from dataclasses import replace
from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # it ships no types
from PIL import Image

from ocrportal.geometry import Rect
from ocrportal.ingest.notes import Note
from ocrportal.ingest.readers.pdf_characters import Character, PageMap, characters
from ocrportal.ingest.readers.pdf_pictures import pictures
from ocrportal.ingest.readers.text_lines import lines_of
from ocrportal.results import OWN_TEXT, UNKNOWN_CHARACTER, PageResult

# How each was measured: docs/ingest.md.
_MAX_UNMEANT = 0.03
_MAX_SYMBOLS = 0.4
_MAX_ODD_WORDS = 0.2
_MIN_SEEN = 0.9
_MAX_UNEXPLAINED = 0.1

_MAX_ANNOTATIONS = 1000
_WRITTEN = (
    pdfium_c.FPDF_ANNOT_WIDGET,
    pdfium_c.FPDF_ANNOT_FREETEXT,
    pdfium_c.FPDF_ANNOT_STAMP,
)

_MAX_SIDE = 1600
"""Pixels per side of the picture in which ink is detected: enough for 6 point print on A4."""
_CONTRAST = 60
_SMALL_SIGN = 0.1
"""The share of its room that a dot or a comma fills at most."""
_MARK_HEIGHTS = (4, 80)
"""Pixels: possible characters. Rules are lower, frames and most drawings are higher."""
_MAX_MARK = 25
"""The maximum width of a word, in multiples of its height."""


class Unsound(StrEnum):
    """Why the text of a page is not used."""

    NONE = "no visible text"
    PICTURE = "a picture fills the page"
    MAP = "unknown characters"
    GIBBERISH = "characters that make no words"
    HIDDEN = "invisible text"
    UNEXPLAINED = "ink that no text explains"


_NOTES = {
    Unsound.MAP: Note.TEXT_UNREADABLE,
    Unsound.GIBBERISH: Note.TEXT_UNREADABLE,
    Unsound.HIDDEN: Note.TEXT_HIDDEN,
    Unsound.UNEXPLAINED: Note.TEXT_INCOMPLETE,
}


def note_of(reason: Unsound) -> tuple[str, ...]:
    """The note for users; none for a scan, of which no text is expected."""
    return (_NOTES[reason].value,) if reason in _NOTES else ()


def own_text(page: pdfium.PdfPage, picture: Image.Image, on_picture: bool) -> PageResult | Unsound:
    """Return the text of ``page`` with the places of its pictures, or the reason not to use it.

    Characters that the file does not define are UNKNOWN_CHARACTER. ``picture`` is the rendered
    page; ``on_picture`` is True for scans. Raises PdfiumError.
    """
    began = time.perf_counter()
    if on_picture:
        return Unsound.PICTURE
    found = list(characters(page, picture.size))
    printed = [each for each in found if each is not None and not each.is_space]
    if not printed:
        return Unsound.NONE
    if sum(not each.is_meant for each in printed) > _MAX_UNMEANT * len(printed):
        return Unsound.MAP
    ink = _Ink(picture)
    seen = {id(each) for each in printed if ink.shows(each)}
    if len(seen) < _MIN_SEEN * len(printed):
        return Unsound.HIDDEN
    kept = [
        each if each is None or each.is_meant else replace(each, text=UNKNOWN_CHARACTER)
        for each in found
        if each is None or each.is_space or id(each) in seen
    ]
    lines, rotation = lines_of(kept)
    if _is_gibberish("\n".join(line.text for line in lines)):
        return Unsound.GIBBERISH
    if ink.unexplained(printed, _annotated(page, picture.size)) > _MAX_UNEXPLAINED:
        return Unsound.UNEXPLAINED
    return PageResult(
        width=picture.width,
        height=picture.height,
        lines=tuple(lines),
        blocks=tuple(pictures(page, picture, printed)),
        rotation=rotation,
        engine=OWN_TEXT,
        seconds=time.perf_counter() - began,
    )


_ODD_WORD = re.compile(r"""[A-Za-z][\\\[\]^`$%*+=<>~|#"!;?]+[A-Za-z]""")
_SYMBOL = re.compile(r"[^\w\s]")
_LEADER = re.compile(r"([^\w\s])(?:\s*\1){2,}")
"""Dot leaders before page numbers, and lines to write on."""


def _is_gibberish(text: str) -> bool:
    """True for text of a font with a wrong Unicode map: letters become other letters or signs."""
    text = _LEADER.sub("", text)
    words = text.split()
    length = sum(map(len, words))
    if not length:
        return False
    odd = sum(1 for word in words if _ODD_WORD.search(word))
    symbols = len(_SYMBOL.findall(text))
    return symbols > _MAX_SYMBOLS * length or odd > _MAX_ODD_WORDS * len(words)


def _annotated(page: pdfium.PdfPage, size: tuple[int, int]) -> list[Rect]:
    """The rectangles of form fields and notes, whose contents are not part of the page text."""
    where = PageMap.of(page, size)
    places = []
    for index in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        rect = pdfium_c.FS_RECTF()
        if (
            pdfium_c.FPDFAnnot_GetSubtype(annotation) in _WRITTEN
            and pdfium_c.FPDFAnnot_GetRect(annotation, rect)
            and all(map(math.isfinite, (rect.left, rect.bottom, rect.right, rect.top)))
        ):
            places.append(where.rectangle(rect.left, rect.bottom, rect.right, rect.top))
        pdfium_c.FPDFPage_CloseAnnot(annotation)
    return places


class _Ink:
    """The outlines of everything printed on a page."""

    def __init__(self, picture: Image.Image) -> None:
        self._scale = min(1.0, _MAX_SIDE / max(picture.size))
        width, height = (max(1, round(side * self._scale)) for side in picture.size)
        grey = np.asarray(picture.convert("L").resize((width, height), Image.Resampling.BOX))
        contrast = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        self._outlines: npt.NDArray[np.uint8] = (contrast > _CONTRAST).astype(np.uint8)

    def shows(self, character: Character) -> bool:
        """False if the place of the character is empty."""
        if self._outlines[self._part(character.ink)].any():
            return True
        # Of a font that is not embedded, a small sign can be elsewhere in its room.
        is_small = character.ink.area < _SMALL_SIGN * character.room.area
        return is_small and bool(self._outlines[self._part(character.room)].any())

    def unexplained(self, printed: list[Character], annotated: list[Rect]) -> float:
        """Return the share of character-sized marks that no character explains.

        It is 1 if a form field contains such a mark, since the contents of a form are in its
        fields.
        """
        explained = np.zeros_like(self._outlines)
        for character in printed:
            explained[self._part(character.ink)] = 1
        count, labels, stats, _ = cv2.connectedComponentsWithStats(self._outlines)
        width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
        lowest, highest = _MARK_HEIGHTS
        is_mark = (height > lowest) & (height < highest) & (width < _MAX_MARK * height)
        is_mark[0] = False
        area = stats[:, cv2.CC_STAT_AREA]
        hit = np.bincount(labels[explained == 1], minlength=count)
        free = is_mark & (hit < area / 2)
        for place in annotated:
            if free[np.unique(labels[self._part(place)])].any():
                return 1.0
        total = area[is_mark].sum()
        return float(area[free].sum() / total) if total else 0.0

    def _part(self, place: Rect) -> tuple[slice, slice]:
        left, top, right, bottom = place.scaled(self._scale)
        return (
            slice(max(0, int(top) - 1), max(0, int(bottom) + 2)),
            slice(max(0, int(left) - 1), max(0, int(right) + 2)),
        )
