"""hOCR 1.2: a web page that says of each row and word where it was printed.

Tables are tables of HTML, with the printed rows in their cells. Fields and cells of which no
place is told have none here. The file is XML as well, as most programs read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from ocrportal.exporters.language import language_of
from ocrportal.exporters.markup import escaped
from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions
from ocrportal.exporters.positional.blocks import PlacedCell, PlacedTable, placed_blocks
from ocrportal.exporters.positional.words import Place, PlacedRow, around
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.page import LaidOutPage
from ocrportal.layout.unplaced import unplaced_text

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8"/>
<title>{title}</title>
<meta name="ocr-system" content="OCR Portal"/>
<meta name="ocr-capabilities" content="ocr_page ocr_table ocr_par ocr_line ocrx_word"/>
</head>
<body>
"""
_END = "</body>\n</html>\n"


def write_hocr(
    document: LaidOutDocument, out: BinaryIO, options: ExportOptions = DEFAULT_OPTIONS
) -> None:
    """Write a document as hOCR, one page after the other, with its printed rows."""
    out.write(_HEAD.format(title=escaped(document.title)).encode())
    for page in document.pages():
        out.write("".join(f"{row}\n" for row in _page(page)).encode())
    out.write(_END.encode())


def _page(page: LaidOutPage) -> Iterator[str]:
    upright = page.result
    # Tables are written whole, with what no line tells.
    unplaced = [*unplaced_text(page, with_tables=False)]
    language = language_of(
        [
            *(line.text for line in upright.lines),
            *(cell.text for table in upright.tables for cell in table.cells),
            *unplaced,
        ]
    )
    number, source = page.index + 1, page.document_title
    place = (number if source else page.source.number) - 1
    title = f"bbox 0 0 {upright.width} {upright.height}; ppageno {place}"
    if source:
        # A quotation mark would end the name, a semicolon is taken for the end of the property.
        plain = escaped(source.translate({ord('"'): "'", ord(";"): ","}))
        title += f"; x_source &quot;{plain}&quot;"
    if page.source.dpi:
        title += f"; scan_res {round(page.source.dpi)} {round(page.source.dpi)}"
    yield f'<div class="ocr_page" id="page_{number}" lang="{language}" title="{title}">'
    for block in placed_blocks(page):
        if isinstance(block, PlacedTable):
            yield from _table(block)
        else:
            yield from _paragraph(block.rows, block.place)
    for row in unplaced:
        yield f'<p class="ocr_par" dir="auto">{escaped(row)}</p>'
    yield "</div>"


def _table(table: PlacedTable) -> Iterator[str]:
    yield f'<table class="ocr_table"{_title(table.place)}>'
    for row in table.rows:
        yield "<tr>"
        for cell in row:
            yield from _cell(cell)
        yield "</tr>"
    yield "</table>"


def _cell(placed: PlacedCell) -> Iterator[str]:
    cell = placed.cell
    spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    yield f"<td{spans}{_title(placed.place)}>"
    if placed.rows:
        yield from _paragraph(placed.rows, around(row.place for row in placed.rows))
    for text in placed.texts:
        yield f'<p class="ocr_par" dir="auto">{escaped(text)}</p>'
    yield "</td>"


def _paragraph(rows: tuple[PlacedRow, ...], place: Place) -> Iterator[str]:
    yield f'<p class="ocr_par" dir="auto" title="{_bbox(place)}">'
    for row in rows:
        yield f'<span class="ocr_line" title="{_bbox(row.place)}">{_words(row)}</span>'
    yield "</p>"


def _words(row: PlacedRow) -> str:
    return "".join(
        f'<span class="ocrx_word" title="{_bbox(word.place)}; x_wconf {100 * word.confidence:.0f}">'
        f"{escaped(word.text)}</span>{' ' if word.blank else ''}"
        for word in row.words
    )


def _title(place: Place | None) -> str:
    return f' title="{_bbox(place)}"' if place else ""


def _bbox(place: Place) -> str:
    return f"bbox {place.left} {place.top} {place.right} {place.bottom}"
