"""Figures on an upright page: photographs, drawings, charts, logos, QR codes and barcodes.

page_colours.py ── the page, deskewed and scaled down, and the colour of its paper
marks.py ── connected ink that is not text, and what it may be
regions.py ── marks and words that together are one figure
codes.py ── QR codes and barcodes, which are read
"""

from __future__ import annotations

from collections.abc import Sequence

from ocrportal.figures.codes import with_codes
from ocrportal.figures.marks import find_marks
from ocrportal.figures.page_colours import PageColours, Pixels
from ocrportal.figures.regions import figure_regions
from ocrportal.geometry import Rect
from ocrportal.results import Block, Line, Table

KIND = "figure"


def find_figures(
    image: Pixels, lines: Sequence[Line], tables: Sequence[Table], skew: float = 0.0
) -> tuple[list[Block], list[Table]]:
    """The figures of an upright page, as areas in pixels of ``image``, and the tables beside them.

    ``lines`` is the text of the page, recognised or taken from its file. ``tables`` was found on
    it: a table whose rulings are those of a chart or a diagram is left out. ``skew`` is the angle,
    in degrees clockwise, by which a rotation deskews the page. A page without text has no figures:
    it is one itself. A figure that is a code has what it encodes as its text.
    """
    page = PageColours.of(image, lines, skew)
    if page is None:
        return [], list(tables)
    words = [page.rect(line.box) for line in lines]
    grids = [page.rect(table.box) for table in tables if table.box]
    marks = find_marks(page, words, grids)
    regions = figure_regions(marks, words, grids, page)
    figures = [Block(KIND, "", page.quad(region)) for region in regions]
    squares = [page.quad(mark.rect) for mark in marks if mark.is_square(page.line_height)]
    return with_codes(image, figures, squares), [
        table for table in tables if not _is_in(table, regions, page)
    ]


def _is_in(table: Table, regions: Sequence[Rect], page: PageColours) -> bool:
    if table.box is None:
        return False
    center = page.rect(table.box).center
    return any(region.contains(center) for region in regions)
