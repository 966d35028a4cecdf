"""Passages of a Word file that its PDF does not show, stored beside it, as part of the results."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ocrportal.ingest.convert.word_text import Passage
from ocrportal.ingest.notes import Note
from ocrportal.jobs.models import Page
from ocrportal.results import Block, PageResult

_ENDING = ".passages.json"


def store_passages(converted: str, passages: Sequence[Passage]) -> None:
    """Store the passages beside the PDF with this path, unless there are none."""
    if not passages:
        return
    content = json.dumps([asdict(passage) for passage in passages], ensure_ascii=False).encode()
    default_storage.delete(converted + _ENDING)  # of a lease that was lost
    default_storage.save(converted + _ENDING, ContentFile(content))


def with_passages(page: Page, result: PageResult) -> PageResult:
    """The result of a page, with the passages of its document that follow its printed text."""
    if Note.TEXT_ADDED.value not in page.document.notes:
        return result
    with default_storage.open((page.document.converted.name or "") + _ENDING) as file:
        stored = json.load(file)
    found = [Block("text", entry["text"]) for entry in stored if entry["page"] == page.number]
    return replace(result, blocks=(*result.blocks, *found)) if found else result
