"""Searchable PDF: the page pictures, with their text laid invisibly over the ink."""

from __future__ import annotations

from typing import BinaryIO

from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.exporters.invisible_text import show_line
from ocrportal.exporters.language import LanguageCount
from ocrportal.exporters.layout import lay_out
from ocrportal.exporters.paper import paper_size
from ocrportal.exporters.pdf_file import PdfFile, number, text_string
from ocrportal.exporters.pdf_font import InvisibleFont
from ocrportal.exporters.pdf_picture import write_picture

_PICTURE_TURNS = {0: (1, 0, 0, 1), 90: (0, -1, 1, 0), 180: (-1, 0, 0, -1), 270: (0, 1, -1, 0)}
"""Where the right and upward edges of the picture point once it is set upright."""


def write_searchable_pdf(document: ExportDocument, out: BinaryIO) -> None:
    """Write a document as PDF; raises ExportError if a page picture cannot be read."""
    pdf = PdfFile(out)
    font = InvisibleFont()
    language = LanguageCount()
    tree, font_number = pdf.reserve(), pdf.reserve()
    pages = [
        _write_page(pdf, page, font, font_number, tree, language) for page in document.iter_pages()
    ]
    font.write(pdf, font_number)
    kids = " ".join(f"{page} 0 R" for page in pages)
    pdf.write(f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>", tree)
    root = pdf.write(
        f"<< /Type /Catalog /Pages {tree} 0 R /Lang ({language.tag})"
        " /ViewerPreferences << /DisplayDocTitle true >> >>"
    )
    info = pdf.write(f"<< /Title {text_string(document.title)} /Producer (OCR Portal) >>")
    pdf.close(root, info)


def _write_page(
    pdf: PdfFile,
    page: ExportPage,
    font: InvisibleFont,
    font_number: int,
    tree: int,
    language: LanguageCount,
) -> int:
    width, height = paper_size(page.result, page.dpi)
    picture = write_picture(pdf, page.read_image())
    content = [_show_picture(page.result.rotation, width, height), b"BT 3 Tr"]
    upright = page.result.upright()
    scale = width / upright.width
    for paragraph in lay_out(page.result).paragraphs:
        language.add(paragraph.text)
        for line in paragraph.lines:
            boxes = [upright.lines[index].box for index in line.indices]
            content.append(show_line(line.pieces, boxes, font, scale, height))
    content.append(b"ET")
    contents = pdf.write_stream("", b"\n".join(content))
    return pdf.write(
        f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {number(width)} {number(height)}]"
        f" /Resources << /XObject << /P {picture} 0 R >> /Font << /F {font_number} 0 R >> >>"
        f" /Contents {contents} 0 R >>"
    )


def _show_picture(rotation: int, width: float, height: float) -> bytes:
    right_x, right_y, up_x, up_y = _PICTURE_TURNS[rotation]
    matrix = (right_x * width, right_y * height, up_x * width, up_y * height)
    corner = (width * (min(right_x, up_x) < 0), height * (min(right_y, up_y) < 0))
    return f"q {' '.join(number(value) for value in matrix + corner)} cm /P Do Q".encode()
