"""The text layer of a PDF page: all text of the page in reading order, invisible.

Fields and table cells without a position can be searched too: they are in lines that are spread
over the height of the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from ocrportal.exporters.pdf.font import Codes, advance
from ocrportal.exporters.pdf.ink import Ink
from ocrportal.exporters.pdf.invisible_text import PageScale, row_operators
from ocrportal.exporters.pdf.own_text.visible_text import NO_TEXT, VisibleText
from ocrportal.exporters.pdf.type_box import FittedLine, fit_to_ink
from ocrportal.exporters.pdf.writer import number
from ocrportal.geometry import Rect, turn_quad
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.plain_text import in_one_line
from ocrportal.layout.unplaced import unplaced_text
from ocrportal.matrices import Matrix
from ocrportal.text import LanguageCount

_INVISIBLE = 3
_SMALL = 400
"""Height in units below which coordinates need more decimals."""
_UNPLACED_HEIGHT = 0.015
"""Height of a line without a position, as a share of the page: that of print on A4."""


def text_layer(
    page: LaidOutPage,
    picture: bytes,
    matrix: Matrix,
    codes: Codes,
    language: LanguageCount,
    visible: VisibleText = NO_TEXT,
) -> bytes:
    """The operators that show the text of a page; raises ExportError for a broken ``picture``.

    ``matrix`` maps pixels of the upright image, with the origin at its lower left corner, to the
    coordinates of the PDF page. What is ``visible`` text of the page itself is left out.
    """
    upright, lines = page.result, _fitted_lines(page, picture)
    # Viewers use the font size without the matrix to detect lines. So rows are in units of the
    # page, and the matrix only rotates and translates.
    unit = math.hypot(matrix[0], matrix[1])
    height = upright.height * unit
    places = 1 + (height < _SMALL) + (height < _SMALL / 10)
    scale = PageScale(unit, height, places)
    turn = b" ".join(number(value / unit, 5) for value in matrix[:4])
    move = b" ".join(number(value, 3) for value in matrix[4:])
    operators = [b"q %b %b cm BT %d Tr" % (turn, move, _INVISIBLE)]
    for line in page.printed_lines():
        language.add(line.text)
        fragments = [lines[index] for index in line.indices]
        lacking = [visible.lacking(fragment) for fragment in fragments]
        if all(parts == [whole] for parts, whole in zip(lacking, fragments, strict=True)):
            operators += row_operators(line.pieces, fragments, scale, codes)
            continue
        for part in chain.from_iterable(lacking):
            operators += row_operators([part.text], [part], scale, codes)
    for row in _unplaced(page):
        language.add(row.text)
        operators += row_operators([row.text], [row], scale, codes)
    operators.append(b"ET Q\n")
    return b"\n".join(operators)


def _fitted_lines(page: LaidOutPage, picture: bytes) -> list[FittedLine]:
    """The upright lines with the boxes of their type, measured on the stored image."""
    recognised = page.source.result
    if not recognised.lines:
        return []
    lines = fit_to_ink(recognised.lines, Ink(picture))
    if not recognised.rotation:
        return lines
    size = recognised.width, recognised.height
    return [replace(line, box=turn_quad(line.box, recognised.rotation, *size)) for line in lines]


def _unplaced(page: LaidOutPage) -> Iterator[FittedLine]:
    """Text without a position, in lines spread over the height of the page."""
    rows = list(unplaced_text(page))
    pitch = page.result.height / (len(rows) + 1)
    height = min(pitch, _UNPLACED_HEIGHT * page.result.height)
    for place, row in enumerate(rows, 1):
        text = in_one_line(row)
        right = min(advance(text) * height, float(page.result.width))
        bottom = place * pitch
        top = bottom - height
        yield FittedLine(text, Rect(0.0, top, right, bottom).quad)
