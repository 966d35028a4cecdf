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
from ocrportal.results import ADDED_TEXT, Block, PageResult

_ENDING = ".passages.json"


def store_passages(converted: str, passages: Sequence[Passage]) -> None:
    """Store the passages beside the PDF with this path, unless there are none."""
    if not passages:
        return
    content = json.dumps([asdict(passage) for passage in passages], ensure_ascii=False).encode()
    delete_passages(converted)  # of a lease that was lost
    default_storage.save(converted + _ENDING, ContentFile(content))


def delete_passages(converted: str) -> None:
    """Delete the passages stored beside the PDF with this path, if there are any."""
    default_storage.delete(converted + _ENDING)


def with_passages(page: Page, result: PageResult) -> PageResult:
    """The result of a page, with the passages of its document that follow its printed text.

    Those of the page for which a reused result was made are removed.
    """
    blocks = [block for block in result.blocks if block.kind != ADDED_TEXT]
    is_left_half = page.part == 1
    if Note.TEXT_ADDED.value in page.document.notes and not is_left_half:
        with default_storage.open((page.document.converted.name or "") + _ENDING) as file:
            stored = json.load(file)
        blocks += [Block(ADDED_TEXT, e["text"]) for e in stored if e["page"] == page.number]
    return replace(result, blocks=tuple(blocks))
