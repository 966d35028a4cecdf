"""All the text of a page as invisible contents of a PDF page, in the order of reading.

Fields and table cells of which no place was told are found too: they stand, as invisibly,
one below the other over the whole page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ocrportal.catalogue.spec import services
from ocrportal.exporters.document import ExportPage
from ocrportal.exporters.language import LanguageCount
from ocrportal.exporters.pdf.font import Codes, advance
from ocrportal.exporters.pdf.ink import Ink
from ocrportal.exporters.pdf.invisible_text import Sheet, row_operators
from ocrportal.exporters.pdf.type_box import fit_to_ink
from ocrportal.exporters.pdf.writer import number
from ocrportal.exporters.unplaced import unplaced_rows
from ocrportal.layout.page import lay_out
from ocrportal.results import Line

Matrix = tuple[float, float, float, float, float, float]
"""As PDF writes one: a point (x, y) goes to (ax + cy + e, bx + dy + f)."""
_INVISIBLE = 3
_SMALL = 400
"""Pages lower than this, in units, need finer places."""
_UNPLACED_HEIGHT = 0.015
"""Height of a row whose place nobody knows, as a share of the page: that of print on A4."""


def text_layer(
    page: ExportPage, picture: bytes, matrix: Matrix, codes: Codes, language: LanguageCount
) -> bytes:
    """The operators that set a page's text; raises ExportError for a broken ``picture``.

    ``matrix`` leads from pixels of the upright picture, counted from its lower left corner,
    to where they lie on the PDF page.
    """
    lines = fit_to_ink(page.result.lines, Ink(picture) if page.result.lines else None)
    upright = replace(page.result, lines=tuple(lines)).upright()
    # Viewers judge by the size of the font, whatever the matrix makes of it: rows are set
    # in units of the page, and the matrix only turns and moves them.
    unit = math.hypot(matrix[0], matrix[1])
    height = upright.height * unit
    places = 1 + (height < _SMALL) + (height < _SMALL / 10)
    sheet = Sheet(unit, height, places)
    turn = b" ".join(number(value / unit, 5) for value in matrix[:4])
    move = b" ".join(number(value, 3) for value in matrix[4:])
    operators = [b"q %b %b cm BT %d Tr" % (turn, move, _INVISIBLE)]
    for paragraph in lay_out(page.result).paragraphs:
        language.add(paragraph.text)
        for line in paragraph.lines:
            fragments = [upright.lines[index] for index in line.indices]
            operators += row_operators(line.pieces, fragments, sheet, codes)
    for row in _unplaced(page, upright.width, upright.height):
        language.add(row.text)
        operators += row_operators([row.text], [row], sheet, codes)
    operators.append(b"ET Q\n")
    return b"\n".join(operators)


def _unplaced(page: ExportPage, width: int, page_height: int) -> Iterator[Line]:
    """What stands in no line of the page, one row below the other over all of it."""
    rows = list(unplaced_rows(page.result, services().get(page.service)))
    pitch = page_height / (len(rows) + 1)
    height = min(pitch, _UNPLACED_HEIGHT * page_height)
    for place, row in enumerate(rows, 1):
        text = " ".join(row.split())
        right = min(advance(text) * height, float(width))
        bottom = place * pitch
        top = bottom - height
        yield Line(text, ((0.0, top), (right, top), (right, bottom), (0.0, bottom)), 1.0)
