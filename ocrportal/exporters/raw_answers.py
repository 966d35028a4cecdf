"""JSON with the unchanged response of the cloud service for each page.

    {"title": "card", "pages": [
    {"number": 1, "document": "card", "part": 0, "service": "id-card",
     "answer": {"result": {"name": …}}}
    ]}

Each page is on its own line, with the title of its document. Pages without a stored response,
such as blank ones, are left out. Positions in a response refer to the image that was sent, which
may be smaller than the page image; ``json.py`` writes positions on the page image.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from ocrportal.errors.export import NoAnswers
from ocrportal.exporters.json import as_json
from ocrportal.layout.document import LaidOutDocument


def write_raw_answers(document: LaidOutDocument, out: BinaryIO) -> None:
    """Write the responses for a document, page by page.

    Raises NoAnswers if none is stored.
    """
    between = b'{"title": %b, "pages": [\n' % as_json(document.title)
    end = b""
    for page in _answered(document):
        out.write(between + as_json(page))
        between, end = b",\n", b"\n]}\n"
    if not end:
        raise NoAnswers
    out.write(end)


def _answered(document: LaidOutDocument) -> Iterator[dict[str, Any]]:
    for title, page in document.recognised_pages():
        answer = page.read_answer()
        if answer is not None:
            yield {
                "number": page.number,
                "document": title,
                "part": page.part,
                "service": page.service,
                "answer": answer,
            }
