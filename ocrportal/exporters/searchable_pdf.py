"""Searchable PDF: the page pictures, with their text laid invisibly over the ink.

Fields and table cells of which no place was told are found too: they stand, as invisibly,
one below the other over the whole page.
"""

from __future__ import annotations

from typing import BinaryIO

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from ocrportal.catalogue.spec import services
from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.exporters.invisible_text import show_line
from ocrportal.exporters.language import LanguageCount
from ocrportal.exporters.layout import lay_out
from ocrportal.exporters.options import AS_USUAL, ExportOptions
from ocrportal.exporters.paper import paper_size
from ocrportal.exporters.pdf_font import FONT_NAME, advance
from ocrportal.exporters.pdf_picture import PagePicture
from ocrportal.exporters.unplaced import unplaced_rows

# Page contents as bytes: reportlab would make text of them, a quarter larger.
rl_config.useA85 = 0

_INVISIBLE = 3
_UNPLACED_HEIGHT = 0.015
"""Height of a row whose place nobody knows, as a share of the page: that of print on A4."""
_PICTURE_TURNS = {0: (1, 0, 0, 1), 90: (0, -1, 1, 0), 180: (-1, 0, 0, -1), 270: (0, 1, -1, 0)}
"""Where the right and upward edges of the picture point once it is set upright."""


def write_searchable_pdf(
    document: ExportDocument, out: BinaryIO, options: ExportOptions = AS_USUAL
) -> None:
    """Write a document as PDF; raises ExportError if a page picture cannot be read.

    Its text stands where it is printed, whatever the options. reportlab puts the file
    together in memory at the end, so writing needs about twice the size of the file.
    """
    canvas = Canvas(out, pageCompression=1, pdfVersion=(1, 7), initialFontName=FONT_NAME)
    canvas.setTitle(document.title)
    canvas.setAuthor("")
    canvas.setSubject("")
    canvas.setCreator("OCR Portal")
    canvas.setProducer("OCR Portal")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    language = LanguageCount()
    for page in document.iter_pages():
        _draw_page(canvas, page, language)
    canvas.setCatalogEntry("Lang", language.tag)
    canvas.save()


def _draw_page(canvas: Canvas, page: ExportPage, language: LanguageCount) -> None:
    width, height = paper_size(page.result, page.dpi)
    canvas.setPageSize((width, height))
    _draw_picture(canvas, page, width, height)
    upright = page.result.upright()
    scale = width / upright.width
    text = canvas.beginText()
    text.setTextRenderMode(_INVISIBLE)
    for paragraph in lay_out(page.result).paragraphs:
        language.add(paragraph.text)
        for line in paragraph.lines:
            boxes = [upright.lines[index].box for index in line.indices]
            show_line(text, line.pieces, boxes, scale, height)
    _show_unplaced(text, page, scale, language)
    canvas.drawText(text)
    canvas.showPage()


def _show_unplaced(
    text: PDFTextObject, page: ExportPage, scale: float, language: LanguageCount
) -> None:
    """Add what stands in no line of the page, one row below the other over all of it."""
    upright = page.result.upright()
    rows = list(unplaced_rows(page.result, services().get(page.service)))
    pitch = upright.height / (len(rows) + 1)
    height = min(pitch, _UNPLACED_HEIGHT * upright.height)
    for number, row in enumerate(rows, 1):
        row = " ".join(row.split())
        language.add(row)
        right = min(advance(row) * height, float(upright.width))
        bottom = number * pitch
        top = bottom - height
        box = ((0.0, top), (right, top), (right, bottom), (0.0, bottom))
        show_line(text, [row], [box], scale, upright.height * scale)


def _draw_picture(canvas: Canvas, page: ExportPage, width: float, height: float) -> None:
    """Draw the page picture upright, over the whole page."""
    name = f"page{canvas.getPageNumber()}"
    # The canvas offers no way to add an image that is already in PDF's form.
    canvas._doc.addForm(name, PagePicture(page.read_image))
    right_x, right_y, up_x, up_y = _PICTURE_TURNS[page.result.rotation]
    matrix = (right_x * width, right_y * height, up_x * width, up_y * height)
    corner = (width * (min(right_x, up_x) < 0), height * (min(right_y, up_y) < 0))
    canvas.saveState()
    canvas.transform(*matrix, *corner)
    canvas.doForm(name)
    canvas.restoreState()
