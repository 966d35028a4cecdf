"""Figures on an upright page: photographs, drawings, charts, logos, QR codes and barcodes.

page_colours.py ── the page, deskewed and scaled down, and the colour of its paper
marks.py ── connected ink that is not text, and what it may be
regions.py ── marks and words that together are one figure
codes.py ── QR codes and barcodes, which are read
formulas.py ── signs that together are a displayed formula
signatures.py ── strokes of a pen, behind a label or where text is guessed
"""

from __future__ import annotations

from collections.abc import Sequence

from ocrportal.figures.codes import with_codes
from ocrportal.figures.formulas import MAX_PART, find_formulas
from ocrportal.figures.marks import find_marks
from ocrportal.figures.page_colours import PageColours, Pixels
from ocrportal.figures.regions import figure_regions
from ocrportal.geometry import Quad, Rect
from ocrportal.results import BACKDROP, FIGURE, FORMULA, Block, Line, Table
from ocrportal.running_text import text_runs_through


def find_figures(
    image: Pixels,
    lines: Sequence[Line],
    tables: Sequence[Table],
    skew: float = 0.0,
    known: Sequence[Quad] = (),
    backdrops: Sequence[Quad] = (),
) -> tuple[list[Block], list[Table]]:
    """The figures of an upright page, as areas in pixels of ``image``, and the tables beside them.

    ``lines`` is the text of the page, recognised or taken from its file. ``tables`` was found on
    it: a table whose rulings are those of a chart or a diagram is left out. ``skew`` is the angle,
    in degrees clockwise, by which a rotation deskews the page. ``known`` are the places of pictures
    that the file of the page states. They are among the figures, unless one is larger. No figures
    are searched at ``backdrops``, the places of pictures behind text of the page. A page without
    text has no further figures: it is one itself. A figure that is a code has what it encodes as
    its text. One that running text is printed over is a backdrop.
    """
    page = PageColours.of(image, lines, skew)
    if page is None:
        return [Block(FIGURE, "", box) for box in known], list(tables)
    words = [page.rect(line.box) for line in lines]
    grids = [page.rect(table.box) for table in tables if table.box]
    stated = [page.rect(box) for box in known]
    # A photograph in a cell does not belong to its rulings.
    page = page.without([*stated, *(page.rect(box) for box in backdrops)])
    marks = find_marks(page, words, grids)
    regions = figure_regions(marks, words, grids, page, stated)
    large = [region for region in regions if region.height > MAX_PART * page.line_height]
    formulas = find_formulas(page, lines, words, marks, [*grids, *large])
    regions = [
        region for region in regions if not any(area.contains(region.center) for area in formulas)
    ]
    behind = [region for region in regions if text_runs_through(region, words)]
    figures = [
        Block(BACKDROP if region in behind else FIGURE, "", page.quad(region)) for region in regions
    ]
    squares = [page.quad(mark.rect) for mark in marks if mark.is_square(page.line_height)]
    areas = [
        *with_codes(image, figures, squares),
        *(Block(FORMULA, "", page.quad(area)) for area in formulas),
    ]
    pictures = [region for region in regions if region not in behind]
    return areas, [table for table in tables if not _is_in(table, pictures, page)]


def _is_in(table: Table, regions: Sequence[Rect], page: PageColours) -> bool:
    if table.box is None:
        return False
    center = page.rect(table.box).center
    return any(region.contains(center) for region in regions)
