"""Opens samples and generated pictures as the product does."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from ocrportal.ingest.base import Limits, PageImage, PageSource, Preprocessing
from ocrportal.ingest.pages import open_pages
from ocrportal.ingest.sniff.file_type import sniff

SAMPLES = Path(__file__).parent.parent / "samples"
LIMITS = Limits(max_bytes=10_000_000, max_pixels=30_000_000, max_pages=100)
DEFAULT_PREPROCESSING = Preprocessing()


@contextmanager
def opened(
    source: str | bytes,
    password: str | None = None,
    limits: Limits = LIMITS,
    preprocessing: Preprocessing = DEFAULT_PREPROCESSING,
) -> Iterator[PageSource]:
    """A sample by name, or a file's bytes, as a PageSource."""
    data = (SAMPLES / source).read_bytes() if isinstance(source, str) else source
    file = io.BytesIO(data)
    with open_pages(file, sniff(file), limits, password, preprocessing) as pages:
        yield pages


def read_only_page(source: str | bytes) -> PageImage:
    with opened(source) as pages:
        assert pages.page_count == 1
        return pages.read_page(1)


def decoded(page: PageImage) -> Image.Image:
    """The picture in ``data``, checked against the attributes of the page."""
    image = Image.open(io.BytesIO(page.data))
    assert image.format == {"jpg": "JPEG", "png": "PNG"}[page.extension]
    assert image.size == (page.width, page.height)
    return image


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """A picture as a file of this format, in memory."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def zipped(members: dict[str, bytes], **options: Any) -> bytes:
    """A ZIP with these members, in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()
