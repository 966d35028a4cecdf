"""JSON: the complete result of each page, as it is stored.

    {"title": "scan", "pages": [
    {"number": 1, "document": "scan", "part": 0, "dpi": 300.0, "service": "general-text",
     "shown_at": null, "width": 2480, "height": 3508, … the keys of PageResult.to_dict}
    ]}

Each page is on its own line. ``document`` is the title of its document, since a file may contain
several.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.source import RecognisedPage


def write_json(document: LaidOutDocument, out: BinaryIO) -> None:
    """Write the results of a document as JSON, page by page."""
    out.write(b'{"title": %b, "pages": [' % as_json(document.title))
    for index, (title, page) in enumerate(document.recognised_pages()):
        out.write(b",\n" if index else b"\n")
        out.write(as_json(_page(page, title)))
    out.write(b"\n]}\n")


def _page(page: RecognisedPage, document: str) -> dict[str, Any]:
    """``part`` is 1 or 2 for the halves of a split spread, and 0 for a whole page.

    ``shown_at`` is the time in seconds at which the page first appears in a video.
    """
    about = {
        "number": page.number,
        "document": document,
        "part": page.part,
        "dpi": page.dpi,
        "service": page.service,
        "shown_at": page.seconds,
    }
    return about | page.result.to_dict()


def as_json(value: object) -> bytes:
    """A JSON value as one line of UTF-8."""
    # A lone surrogate has no UTF-8 encoding; its backslash escape is valid JSON.
    return json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace")
