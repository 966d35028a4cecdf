"""JSON for programs: what a cloud service itself answered about each page, unchanged.

    {"title": "card", "pages": [
    {"number": 1, "document": "card", "part": 0, "service": "id-card",
     "answer": {"result": {"name": …}}}
    ]}

A page stands on a line of its own, with the title of its document. Pages of which no answer is
kept, such as blank ones, are left out. Places in an answer are those of the picture that was
sent, which may be smaller than the page's; structured.py tells them on the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from ocrportal.errors.export import NoAnswers
from ocrportal.exporters.json import as_json
from ocrportal.layout.document import LaidOutDocument


def write_raw_answers(document: LaidOutDocument, out: BinaryIO) -> None:
    """Write the answers about a document, one page after the other.

    Raises NoAnswers if none is kept.
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
