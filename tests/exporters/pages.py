"""Pages for the tests of the exporters: recorded from real scans, or made line by line."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image

from ocrportal.catalogue.spec import services
from ocrportal.engines.huawei.parsing.response import parse_response
from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.verification import Score
from ocrportal.exporters.writing import new_verification, write_document
from ocrportal.geometry import Quad
from ocrportal.layout.blocks import Paragraph
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.page import lay_out_page
from ocrportal.layout.plain_text import page_text
from ocrportal.layout.source import RecognisedDocument, RecognisedPage
from ocrportal.results import Cell, Line, PageResult, Table

RESULTS = Path(__file__).parent / "results"
SAMPLES = Path(__file__).parent.parent / "samples"


def recorded(name: str) -> PageResult:
    """The recorded result of a real page; results/README.md lists them."""
    return PageResult.from_dict(json.loads((RESULTS / f"{name}.json").read_text("utf-8")))


def line(text: str, left: float, top: float, right: float, bottom: float) -> Line:
    """A horizontal line with its edges in pixels."""
    return Line(text, corners(left, top, right, bottom), 1.0)


def page_of(lines: Iterable[Line], width: int = 1000, height: int = 1400) -> PageResult:
    return PageResult(width=width, height=height, lines=tuple(lines))


def corners(left: float, top: float, right: float, bottom: float) -> Quad:
    """A box parallel to the axes."""
    return (left, top), (right, top), (right, bottom), (left, bottom)


def price_list() -> PageResult:
    """A table between two lines, with recognised lines in its cells and a cell without a line.

    Its first row is one cell over both columns, printed in two lines.
    """
    table = Table(
        rows=3,
        columns=2,
        cells=(
            Cell("Price list\nof tea", 0, 0, column_span=2, box=corners(100, 200, 500, 260)),
            Cell("Green", 1, 0, box=corners(100, 260, 300, 300)),
            Cell("12", 1, 1, box=corners(300, 260, 500, 300)),
            Cell("", 2, 0, box=corners(100, 300, 300, 340)),
            Cell("sold out", 2, 1, box=corners(300, 300, 500, 340)),
        ),
        box=corners(100, 200, 500, 340),
    )
    return PageResult(
        width=1000,
        height=1400,
        lines=(
            line("Above the table", 100, 100, 400, 130),
            line("Price list", 110, 205, 250, 225),
            line("of tea", 110, 235, 200, 255),
            line("Green", 110, 265, 200, 295),
            line("12", 310, 265, 350, 295),
            line("Below the table", 100, 400, 400, 430),
        ),
        tables=(table,),
    )


def typed(*rows: str, left: float = 100, top: float = 100, em: float = 20) -> list[Line]:
    """Lines of Han or full-width text, an em per character.

    A full-width space at the start of a row is an indent.
    """
    lines = []
    for number, row in enumerate(rows):
        text = row.lstrip("\u3000")
        start = left + (len(row) - len(text)) * em
        y = top + number * 1.5 * em
        lines.append(line(text, start, y, start + len(text) * em, y + em))
    return lines


def picture(width: int, height: int, kind: str = "JPEG") -> bytes:
    """An empty page image."""
    file = io.BytesIO()
    Image.new("L", (width, height), 255).save(file, kind)
    return file.getvalue()


def document(
    *results: PageResult,
    title: str = "document",
    dpi: float | None = 200.0,
    service: str = "",
    times: Iterable[float] = (),
) -> LaidOutDocument:
    """A document with a page per result, with empty images of the right size.

    With ``times`` it is a video, whose pages are first seen then.
    """
    seconds = list(times) or [None] * len(results)

    def pages() -> Iterator[RecognisedPage]:
        for number, result in enumerate(results, 1):
            image = picture(result.width, result.height)
            yield RecognisedPage(
                number,
                result,
                lambda image=image: image,
                dpi,
                service,
                seconds[number - 1],
                read_answer=lambda result=result: result.raw,
            )

    return LaidOutDocument(title, (RecognisedDocument(title, len(results), pages),))


def document_of(
    *pages: RecognisedPage, title: str = "document", open_pdf: Callable[[], BinaryIO] | None = None
) -> LaidOutDocument:
    """A document with these pages, from a PDF file if ``open_pdf`` is given."""
    return LaidOutDocument(
        title, (RecognisedDocument(title, len(pages), lambda: iter(pages), open_pdf),)
    )


def merged(title: str, documents: Iterable[LaidOutDocument]) -> LaidOutDocument:
    """Several documents as one file."""
    parts = tuple(part for document in documents for part in document.documents)
    return LaidOutDocument(title, parts, is_merged=True)


def recognised_pages(document: LaidOutDocument) -> list[RecognisedPage]:
    """The pages of a document before they are laid out."""
    return [page for _title, page in document.recognised_pages()]


def laid_out(result: PageResult, service: str = "") -> LaidOutPage:
    """A single page, laid out."""
    return lay_out_page(RecognisedPage(1, result, bytes, service=service))


def paragraphs(result: PageResult) -> list[Paragraph]:
    """The paragraphs of a page without other blocks."""
    blocks = laid_out(result).blocks
    assert all(isinstance(block, Paragraph) for block in blocks)
    return [block for block in blocks if isinstance(block, Paragraph)]


def joined_text(result: PageResult) -> str:
    """The text of a page, a line per paragraph."""
    return page_text(laid_out(result))


def printed_text(result: PageResult) -> str:
    """The text of a page, a line per printed line."""
    return page_text(laid_out(result), keep_lines=True)


def verified(document: LaidOutDocument, key: str, file: BinaryIO | None = None) -> Score:
    """The score of the written document, or of ``file`` if given."""
    verification = new_verification(FORMATS[key], document.page_count)
    assert verification is not None
    written = io.BytesIO()
    write_document(replace(document, on_laid_out=verification.observe), FORMATS[key], written)
    written.seek(0)
    return verification.verify(file or written)


def answered(name: str) -> PageResult:
    """The result of a recorded response of the cloud; samples/cloud/README.md lists them."""
    answer = json.loads((SAMPLES / "cloud" / f"{name}.json").read_text("utf-8"))
    return read(name.split(".")[0], answer)


def read(service: str, answer: dict[str, Any]) -> PageResult:
    """The result of a response of the cloud for a page of 2400 by 3200 pixels."""
    return parse_response(
        services()[service], answer, width=2400, height=3200, scale_x=1.0, scale_y=1.0
    )
