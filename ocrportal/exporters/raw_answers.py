"""JSON for programs: what a cloud service itself answered about each page, unchanged.

    {"title": "card", "pages": [
    {"number": 1, "part": 0, "service": "id-card", "answer": {"result": {"name": …}}}
    ]}

A page stands on a line of its own. Pages of which no answer is kept, such as blank ones, are
left out. Places in an answer are those of the picture that was sent, which may be smaller than
the page's; structured.py tells them on the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from ocrportal.errors import NoAnswers
from ocrportal.exporters.document import ExportDocument
from ocrportal.exporters.options import AS_USUAL, ExportOptions
from ocrportal.exporters.structured import as_json


def write_raw_answers(
    document: ExportDocument, out: BinaryIO, options: ExportOptions = AS_USUAL
) -> None:
    """Write the answers about a document, one page after the other, whatever the options.

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


def _answered(document: ExportDocument) -> Iterator[dict[str, Any]]:
    for page in document.iter_pages():
        answer = page.read_answer()
        if answer is not None:
            yield {
                "number": page.number,
                "part": page.part,
                "service": page.service,
                "answer": answer,
            }
