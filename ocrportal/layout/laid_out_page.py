"""A page as every exporter, the page screen and the API use it, and its size on paper.

``page.py`` lays it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ocrportal.layout.blocks import Block, TextLine
from ocrportal.layout.source import RecognisedPage
from ocrportal.results import PageResult

POINTS_PER_INCH = 72
_A4_LONG, _A3_LONG, _A0_LONG = 842.0, 1191.0, 3370.0
_SCREEN_DPI = 100
"""Resolutions up to this one, such as 72 and 96, are defaults of cameras and screenshots."""


@dataclass(frozen=True, slots=True)
class LaidOutPage:
    """A page with its blocks in reading order, and its place in the document."""

    source: RecognisedPage
    result: PageResult
    """The recognised page in upright coordinates: ``rotation`` is 0."""
    blocks: tuple[Block, ...]
    """Fields, then text with tables, formulas and figures at their places, then the rest."""
    printed_blocks: tuple[Block, ...]
    """The blocks as printed: instead of the fields, their printed lines among the paragraphs."""
    starts_mid_paragraph: bool = False
    """Whether it starts within a paragraph, which is then joined on the page before."""
    starts_mid_table: bool = False
    """Whether it starts within a table, which is then joined on the page where that starts."""
    index: int = 0
    """Position in the file, from 0."""
    document_title: str = ""
    """Title of its document if several documents become one file; empty otherwise."""
    document_index: int = 0
    """Position of its document among them, from 0."""
    starts_document: bool = False
    """Whether that document starts with this page."""

    def printed_lines(self) -> Iterator[TextLine]:
        """All printed lines of the page in reading order, those of tables and fields too."""
        for block in self.printed_blocks:
            yield from block.lines


def paper_size(upright: PageResult, dpi: float | None) -> tuple[float, float]:
    """Width and height of an upright page in points (1/72 inch).

    If the resolution is unknown or implausible, the longer side is that of A4.
    """
    longest = max(upright.width, upright.height)
    if dpi is None or not _plausible(longest, dpi):
        dpi = longest * POINTS_PER_INCH / _A4_LONG
    return upright.width * POINTS_PER_INCH / dpi, upright.height * POINTS_PER_INCH / dpi


def _plausible(longest: int, dpi: float) -> bool:
    if not 36 <= dpi <= 4800:
        return False
    limit = _A3_LONG if dpi <= _SCREEN_DPI else _A0_LONG
    return POINTS_PER_INCH / 2 <= longest * POINTS_PER_INCH / dpi <= limit * 1.02
