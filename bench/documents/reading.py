"""Generated documents as the product reads them: from pictures, or from the text of the PDF.

Results are cached by picture and by the source of the engine, so that a change of the layout is
measured without the engine. After a change of the engine only its networks are not run again.
"""

from __future__ import annotations

import hashlib
import io
import json
from functools import cache
from pathlib import Path

from PIL import Image

import ocrportal
from bench.documents.samples import Sample
from bench.documents.truth import TruePage
from bench.recognised import LIMITS
from ocrportal.catalogue.spec import services
from ocrportal.engines import engine_for
from ocrportal.exporters.text import write_text
from ocrportal.ingest.pages import open_pages
from ocrportal.ingest.sniff.file_type import sniff
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.source import RecognisedDocument, RecognisedPage
from ocrportal.results import PageResult
from ocrportal.workers.embedded_text.own_text import check_own_text

KEPT = Path("build/documents-read")
_PACKAGE = Path(ocrportal.__file__).parent


class ReadDocument:
    """A document as the product reads it, beside the truth in the pixels of its pages."""

    def __init__(self, name: str, pages: list[tuple[RecognisedPage, TruePage]]) -> None:
        document = RecognisedDocument(name, len(pages), lambda: (page for page, _ in pages))
        self.document = LaidOutDocument(name, (document,))
        self.truth = [truth for _, truth in pages]
        self.pages: list[LaidOutPage] = list(self.document.flowing_pages())

    @property
    def text(self) -> str:
        """The TXT export."""
        out = io.BytesIO()
        write_text(self.document, out)
        return out.getvalue().decode()


def read_pictures(sample: Sample) -> ReadDocument:
    """The pictures of the sample, read by the embedded engine."""
    pages = []
    for number, picture in enumerate(sample.pictures(), 1):
        pages.append((recognised_page(number, picture.data), picture.truth))
    return ReadDocument(sample.name, pages)


def read_pdf(sample: Sample) -> ReadDocument:
    """The pages of the PDF: their own text, checked and completed, else the engine's."""
    pages = []
    with sample.printed.pdf.open("rb") as file, open_pages(file, sniff(file), LIMITS) as source:
        for number, truth in enumerate(sample.printed.pages, 1):
            image = source.read_page(number)
            text = image.own_text and check_own_text(image, image.own_text, threads=1).text
            page = recognised_page(number, image.data, image.dpi, text)
            pages.append((page, truth.scaled(image.width, image.height)))
    return ReadDocument(sample.name, pages)


def recognised_page(
    number: int, picture: bytes, dpi: float | None = None, own_text: PageResult | None = None
) -> RecognisedPage:
    """A page with its own text, or else the engine's."""
    result = own_text or _recognised(picture)
    return RecognisedPage(number, result, lambda: picture, dpi)


def _recognised(picture: bytes) -> PageResult:
    digest = hashlib.sha256(picture).hexdigest()
    kept = KEPT / f"{digest}-{_engine_source()}.json"
    if not kept.exists():
        with Image.open(io.BytesIO(picture)) as image:
            result = engine_for("local").recognise(image, services()["general-text"], {})
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(result.to_dict()), "utf-8")
    return PageResult.from_dict(json.loads(kept.read_text("utf-8")))


@cache
def _engine_source() -> str:
    """A digest of the modules that the result of the engine depends on."""
    rooms = ("engines", "figures", "printed_type", "tables")
    files = [
        *_PACKAGE.glob("*.py"),
        *(f for room in rooms for f in (_PACKAGE / room).rglob("*.py")),
    ]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
