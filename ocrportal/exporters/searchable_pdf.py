"""Searchable PDF: the pages as they were, with their text laid invisibly over the ink.

Where the source is a PDF its own pages stay, bit for bit (pdf_original.py). Else, and where
that PDF cannot be worked on, the page pictures are put into a new one (this module).
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from typing import BinaryIO

from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.exporters.language import LanguageCount
from ocrportal.exporters.options import AS_USUAL, ExportOptions
from ocrportal.exporters.paper import paper_size
from ocrportal.exporters.pdf_archival import output_intent, packet
from ocrportal.exporters.pdf_file import Name, PdfFile, Ref, Value, number
from ocrportal.exporters.pdf_font import FONT_NAME, Codes
from ocrportal.exporters.pdf_original import OriginalUnusable, write_into_original
from ocrportal.exporters.pdf_picture import pdf_picture
from ocrportal.exporters.text_layer import text_layer

_PRODUCER = "OCR Portal"


def write_searchable_pdf(
    document: ExportDocument, out: BinaryIO, options: ExportOptions = AS_USUAL
) -> None:
    """Write a document as PDF; raises ExportError if a page picture cannot be read.

    Its text stands where it is printed, whatever the options.
    """
    _write(document, out, archival=False)


def write_archival_pdf(
    document: ExportDocument, out: BinaryIO, options: ExportOptions = AS_USUAL
) -> None:
    """Write a document as PDF/A-2u; raises ExportError if a page picture cannot be read.

    Its text stands where it is printed, whatever the options.
    """
    _write(document, out, archival=True)


def _write(document: ExportDocument, out: BinaryIO, *, archival: bool) -> None:
    if document.open_pdf is not None:
        with tempfile.TemporaryFile() as file:
            try:
                write_into_original(document, file, archival=archival)
            except OriginalUnusable:
                pass  # what follows works without it
            else:
                file.seek(0)
                shutil.copyfileobj(file, out)
                return
    _write_pictures(document, out, archival=archival)


def _write_pictures(document: ExportDocument, out: BinaryIO, *, archival: bool) -> None:
    file = PdfFile(out)
    codes, language = Codes(), LanguageCount()
    tree, font = file.reserve(), file.reserve()
    pages = [_add_page(file, page, tree, font, codes, language) for page in document.iter_pages()]
    codes.add_font(file, font)
    file.add({"Type": Name("Pages"), "Kids": pages, "Count": len(pages)}, tree)
    written = datetime.now(UTC).replace(microsecond=0)
    catalog: dict[str, Value] = {
        "Type": Name("Catalog"),
        "Pages": tree,
        "Lang": language.tag,
        "ViewerPreferences": {"DisplayDocTitle": True},
    }
    if archival:
        profile, intent = output_intent()
        catalog["OutputIntents"] = [
            {**intent, "DestOutputProfile": file.add_stream(profile, {"N": 3})}
        ]
        entries = {"Type": Name("Metadata"), "Subtype": Name("XML")}
        metadata = packet(document.title, _PRODUCER, written)
        catalog["Metadata"] = file.add_stream(metadata, entries, packed=False)
    about = {
        "Title": document.title,
        "Creator": _PRODUCER,
        "Producer": _PRODUCER,
        "CreationDate": f"{written:D:%Y%m%d%H%M%SZ}",
        "ModDate": f"{written:D:%Y%m%d%H%M%SZ}",
    }
    file.finish(catalog, about)


def _add_page(
    file: PdfFile,
    page: ExportPage,
    tree: Ref,
    font: Ref,
    codes: Codes,
    language: LanguageCount,
) -> Ref:
    width, height = paper_size(page.result, page.dpi)
    image = page.read_image()
    picture = pdf_picture(image)
    upright = page.result.upright()
    scale = (width / upright.width, 0.0, 0.0, height / upright.height, 0.0, 0.0)
    contents = b"q %b cm /Picture Do Q\n" % _picture_place(page.result.rotation, width, height)
    contents += text_layer(page, image, scale, codes, language)
    entries: dict[str, Value] = {
        "Type": Name("Page"),
        "Parent": tree,
        "MediaBox": [0, 0, width, height],
        "Contents": file.add_stream(contents),
        "Resources": {
            "Font": {FONT_NAME: font},
            "XObject": {"Picture": file.add_stream(picture.data, picture.entries)},
        },
    }
    return file.add(entries)


def _picture_place(rotation: int, width: float, height: float) -> bytes:
    """The matrix that sets the picture upright over the whole page."""
    right_x, right_y, up_x, up_y = {
        0: (1, 0, 0, 1),
        90: (0, -1, 1, 0),
        180: (-1, 0, 0, -1),
        270: (0, 1, -1, 0),
    }[rotation]
    matrix = (
        *(right_x * width, right_y * height, up_x * width, up_y * height),
        *(width * (min(right_x, up_x) < 0), height * (min(right_y, up_y) < 0)),
    )
    return b" ".join(number(value) for value in matrix)
