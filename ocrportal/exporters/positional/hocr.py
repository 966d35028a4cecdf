"""hOCR 1.2: HTML with the position of each printed line and word.

Tables are HTML tables with the printed lines in their cells. Fields and cells whose position is
unknown have no position here. The file is well-formed XML, since most programs parse hOCR as XML.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from ocrportal.exporters.positional.blocks import PlacedCell, PlacedTable, placed_blocks
from ocrportal.exporters.positional.words import PlacedLine
from ocrportal.geometry import Rect
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.unplaced import unplaced_text
from ocrportal.markup import escaped
from ocrportal.text import language_of

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


def write_hocr(document: LaidOutDocument, out: BinaryIO) -> None:
    """Write a document as hOCR, page by page, with its printed lines."""
    out.write(_HEAD.format(title=escaped(document.title)).encode())
    for page in document.pages():
        out.write("".join(f"{row}\n" for row in _page(page)).encode())
    out.write(_END.encode())


def _page(page: LaidOutPage) -> Iterator[str]:
    upright = page.result
    # Tables are written whole, with the cells that are not in the lines.
    unplaced = [*unplaced_text(page, with_tables=False)]
    language = language_of(
        [
            *(line.text for line in upright.lines),
            *(cell.text for table in upright.tables for cell in table.cells),
            *unplaced,
        ]
    )
    number, source = page.index + 1, page.document_title
    physical = (number if source else page.source.number) - 1
    title = f"bbox 0 0 {upright.width} {upright.height}; ppageno {physical}"
    if source:
        # A quotation mark would end the name, and parsers end the property at a semicolon.
        plain = escaped(source.translate({ord('"'): "'", ord(";"): ","}))
        title += f"; x_source &quot;{plain}&quot;"
    if page.source.dpi:
        title += f"; scan_res {round(page.source.dpi)} {round(page.source.dpi)}"
    yield f'<div class="ocr_page" id="page_{number}" lang="{language}" title="{title}">'
    for block in placed_blocks(page):
        if isinstance(block, PlacedTable):
            yield from _table(block)
        else:
            yield from _paragraph(block.lines, block.rect)
    for text in unplaced:
        yield f'<p class="ocr_par" dir="auto">{escaped(text)}</p>'
    yield "</div>"


def _table(table: PlacedTable) -> Iterator[str]:
    yield f'<table class="ocr_table"{_title(table.rect)}>'
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
    yield f"<td{spans}{_title(placed.rect)}>"
    if placed.lines:
        yield from _paragraph(placed.lines, Rect.union(line.rect for line in placed.lines))
    for text in placed.texts:
        yield f'<p class="ocr_par" dir="auto">{escaped(text)}</p>'
    yield "</td>"


def _paragraph(lines: tuple[PlacedLine, ...], rect: Rect) -> Iterator[str]:
    yield f'<p class="ocr_par" dir="auto" title="{_bbox(rect)}">'
    for line in lines:
        yield f'<span class="ocr_line" title="{_bbox(line.rect)}">{_words(line)}</span>'
    yield "</p>"


def _words(line: PlacedLine) -> str:
    return "".join(
        f'<span class="ocrx_word" title="{_bbox(word.rect)}; x_wconf {100 * word.confidence:.0f}">'
        f"{escaped(word.text)}</span>{' ' if word.space_after else ''}"
        for word in line.words
    )


def _title(rect: Rect | None) -> str:
    return f' title="{_bbox(rect)}"' if rect else ""


def _bbox(rect: Rect) -> str:
    left, top, right, bottom = rect
    return f"bbox {left} {top} {right} {bottom}"
