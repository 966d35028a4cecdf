"""Searchable PDF: unchanged pages with an invisible text layer over the ink.

If the source is a PDF, its pages are kept without changes (original.py). Otherwise, or if that
PDF cannot be processed, the page images are written to a new file (this module). Several
documents become one file with a bookmark for each (merge.py).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions, Quality
from ocrportal.exporters.pdf.archival import output_intent, packet
from ocrportal.exporters.pdf.font import FONT_NAME, Codes
from ocrportal.exporters.pdf.merge import MergeInput, merge
from ocrportal.exporters.pdf.original import OriginalUnusable, write_into_original
from ocrportal.exporters.pdf.page_image import pdf_picture
from ocrportal.exporters.pdf.text_layer import text_layer
from ocrportal.exporters.pdf.writer import Name, PdfFile, Ref, Value, number
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.laid_out_page import LaidOutPage, paper_size
from ocrportal.text import LanguageCount

_PRODUCER = "OCR Portal"
_INCH = 72.0
"""Points per inch."""


def write_searchable_pdf(
    document: LaidOutDocument, out: BinaryIO, options: ExportOptions = DEFAULT_OPTIONS
) -> None:
    """Write a document as PDF; raises ExportError if a page image cannot be read.

    The text is at its printed position; the options for running text have no effect.
    """
    _write(document, out, options.quality, archival=False)


def write_archival_pdf(
    document: LaidOutDocument, out: BinaryIO, options: ExportOptions = DEFAULT_OPTIONS
) -> None:
    """Write a document as PDF/A-2u; raises ExportError if a page image cannot be read.

    The text is at its printed position; the options for running text have no effect.
    """
    _write(document, out, options.quality, archival=True)


def _write(document: LaidOutDocument, out: BinaryIO, quality: Quality, *, archival: bool) -> None:
    has_pdf = any(entry.open_pdf and entry.page_count for entry in document.documents)
    if has_pdf and document.is_merged:
        _write_merged(document, out, quality, archival=archival)
        return
    if has_pdf:
        with tempfile.TemporaryFile() as file:
            try:
                write_into_original(document, file, archival=archival)
            except OriginalUnusable:
                pass  # the pages are written as images instead
            else:
                file.seek(0)
                shutil.copyfileobj(file, out)
                return
    _write_pictures(document, out, quality, archival=archival)


def _write_merged(
    document: LaidOutDocument, out: BinaryIO, quality: Quality, *, archival: bool
) -> None:
    """Write several documents, some of which are PDF files, as one file."""
    with tempfile.TemporaryDirectory() as folder:
        inputs: list[MergeInput] = []
        for part, title in _parts(document):
            path = Path(folder) / f"{len(inputs)}.pdf"
            with path.open("wb") as file:
                _write(part, file, quality, archival=archival)
            inputs.append(MergeInput(path, title))
        with tempfile.TemporaryFile() as file:
            merge(
                inputs,
                file,
                title=document.title,
                producer=_PRODUCER,
                written=_now(),
                archival=archival,
            )
            file.seek(0)
            shutil.copyfileobj(file, out)


def _parts(document: LaidOutDocument) -> Iterator[tuple[LaidOutDocument, str]]:
    """Each PDF with its title, and adjacent documents of page images together."""
    numbers = [n for n, entry in enumerate(document.documents) if entry.page_count]
    for is_pdf, run in groupby(numbers, key=lambda n: document.documents[n].open_pdf is not None):
        run_numbers = list(run)
        if is_pdf:
            for number in run_numbers:
                part = document.only(number, number + 1)
                yield replace(part, is_merged=False), document.documents[number].title
        else:
            # Adjacent documents of page images are one file, which has a bookmark for each.
            yield document.only(run_numbers[0], run_numbers[-1] + 1), ""


def _write_pictures(
    document: LaidOutDocument, out: BinaryIO, quality: Quality, *, archival: bool
) -> None:
    file = PdfFile(out)
    codes, language = Codes(), LanguageCount()
    tree, font = file.reserve(), file.reserve()
    pages: list[Ref] = []
    begins: list[tuple[str, Ref]] = []
    for page in document.pages():
        pages.append(_add_page(file, page, quality, tree, font, codes, language))
        if page.starts_document:
            begins.append((page.document_title, pages[-1]))
    codes.add_font(file, font)
    file.add({"Type": Name("Pages"), "Kids": pages, "Count": len(pages)}, tree)
    written = _now()
    catalog: dict[str, Value] = {
        "Type": Name("Catalog"),
        "Pages": tree,
        "Lang": language.tag,
        "ViewerPreferences": {"DisplayDocTitle": True},
    }
    if begins:
        catalog["Outlines"] = _add_bookmarks(file, begins)
    if archival:
        profile, intent = output_intent()
        catalog["OutputIntents"] = [
            {**intent, "DestOutputProfile": file.add_stream(profile, {"N": 3})}
        ]
        entries = {"Type": Name("Metadata"), "Subtype": Name("XML")}
        metadata = packet(document.title, _PRODUCER, written)
        catalog["Metadata"] = file.add_stream(metadata, entries, compress=False)
    about = {
        "Title": document.title,
        "Creator": _PRODUCER,
        "Producer": _PRODUCER,
        "CreationDate": f"{written:D:%Y%m%d%H%M%SZ}",
        "ModDate": f"{written:D:%Y%m%d%H%M%SZ}",
    }
    file.finish(catalog, about)


def _add_bookmarks(file: PdfFile, begins: list[tuple[str, Ref]]) -> Ref:
    """Add a bookmark for each document, on its first page."""
    root = file.reserve()
    items = [file.reserve() for _document in begins]
    for place, (title, page) in enumerate(begins):
        entries: dict[str, Value] = {
            "Title": title,
            "Parent": root,
            "Dest": [page, Name("Fit")],
        }
        if place:
            entries["Prev"] = items[place - 1]
        if place + 1 < len(items):
            entries["Next"] = items[place + 1]
        file.add(entries, items[place])
    return file.add({"First": items[0], "Last": items[-1], "Count": len(items)}, root)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _add_page(
    file: PdfFile,
    page: LaidOutPage,
    quality: Quality,
    tree: Ref,
    font: Ref,
    codes: Codes,
    language: LanguageCount,
) -> Ref:
    width, height = paper_size(page.result, page.source.dpi)
    image = page.source.read_image()
    upright = page.result
    picture = pdf_picture(image, quality, upright.width / width * _INCH)
    scale = (width / upright.width, 0.0, 0.0, height / upright.height, 0.0, 0.0)
    contents = b"q %b cm /Picture Do Q\n" % _picture_place(
        page.source.result.rotation, width, height
    )
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
    """The matrix that draws the image upright on the whole page."""
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
