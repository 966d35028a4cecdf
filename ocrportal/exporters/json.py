"""JSON for programs: everything that is known of each page, as the portal itself keeps it.

    {"title": "scan", "pages": [
    {"number": 1, "document": "scan", "part": 0, "dpi": 300.0, "service": "general-text",
     "shown_at": null, "width": 2480, "height": 3508, … what PageResult.to_dict tells}
    ]}

A page stands on a line of its own. ``document`` is the title of the one it is from: several
may be in one file.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.source import RecognisedPage


def write_json(document: LaidOutDocument, out: BinaryIO) -> None:
    """Write the results of a document as JSON, one page after the other, as they are kept."""
    out.write(b'{"title": %b, "pages": [' % as_json(document.title))
    for index, (title, page) in enumerate(document.recognised_pages()):
        out.write(b",\n" if index else b"\n")
        out.write(as_json(_page(page, title)))
    out.write(b"\n]}\n")


def _page(page: RecognisedPage, document: str) -> dict[str, Any]:
    """``part`` counts the pages that lie on one of the source, where it was cut; else it is 0.

    ``shown_at`` is the second of a video at which the page is first seen.
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
    """JSON values as one line of UTF-8."""
    # Half of a surrogate pair has no UTF-8; its backslash escape is one of JSON's as well.
    return json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace")
