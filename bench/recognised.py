"""Results of the built-in engine for images and PDF pages, cached in ``build/``."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from ocrportal.catalogue.spec import services
from ocrportal.engines import engine_for
from ocrportal.ingest.base import Limits
from ocrportal.ingest.pages import open_pages
from ocrportal.ingest.sniff.file_type import sniff
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.source import RecognisedDocument, RecognisedPage
from ocrportal.results import PageResult

KEPT = Path("build/recognised")
LIMITS = Limits(max_bytes=2**30, max_pixels=100_000_000, max_pages=10_000)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page image and its result."""

    number: int
    picture: bytes
    dpi: float | None
    result: PageResult

    @property
    def exported(self) -> RecognisedPage:
        return RecognisedPage(self.number, self.result, lambda: self.picture, self.dpi)


def read_pages(path: Path, numbers: list[int]) -> list[ReadPage]:
    """Pages of a source, counted from 1; numbers beyond its end are ignored."""
    with path.open("rb") as file, open_pages(file, sniff(file), LIMITS) as source:
        pages = [
            (number, source.read_page(number)) for number in numbers if number <= source.page_count
        ]
    return [ReadPage(number, page.data, page.dpi, _read(page.data)) for number, page in pages]


def as_document(pages: list[ReadPage], title: str, original: Path | None = None) -> LaidOutDocument:
    """These pages for an exporter, with their PDF if there is one."""
    document = RecognisedDocument(
        title,
        len(pages),
        lambda: (page.exported for page in pages),
        open_pdf=None if original is None else lambda: original.open("rb"),
    )
    return LaidOutDocument(title, (document,))


def recognised(path: Path) -> PageResult:
    """The result for a page image."""
    return _read(path.read_bytes())


def _read(picture: bytes) -> PageResult:
    kept = KEPT / f"{hashlib.sha256(picture).hexdigest()}.json"
    if not kept.exists():
        with Image.open(io.BytesIO(picture)) as image:
            result = engine_for("local").recognise(image, services()["general-text"], {})
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(result.to_dict()), "utf-8")
    return PageResult.from_dict(json.loads(kept.read_text("utf-8")))
