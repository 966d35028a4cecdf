"""The pages of a document as one text, as the options of an export ask for them."""

from __future__ import annotations

from collections.abc import Iterator

from ocrportal.exporters.options import ExportOptions
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.page import LaidOutPage


def flowing_pages(document: LaidOutDocument, options: ExportOptions) -> Iterator[LaidOutPage]:
    """The pages with their headers and footers, and with paragraphs joined over page ends."""
    return document.flowing_pages(
        headers_footers=options.headers_footers,
        join=options.lines == "paragraphs" and options.layout == "flow",
    )
