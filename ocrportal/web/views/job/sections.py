"""The documents of a job as the parts of its screen: with their pages, within their archives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ocrportal.engines import is_cloud_engine
from ocrportal.exporters.formats import offered_formats
from ocrportal.jobs.duplicates import earlier_copies
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.workers.extract_archive import ARCHIVE_TYPE


@dataclass
class Section:
    """A document with its pages, or an archive with its members, as one part of the screen."""

    document: Document
    among_others: bool
    pages: list[Page] = field(default_factory=list)
    members: list[Section] = field(default_factory=list)

    @property
    def is_archive(self) -> bool:
        return bool(self.members) or self.document.media_type == ARCHIVE_TYPE

    @property
    def is_card(self) -> bool:
        """True if it is shown as one card among others, with no heading of its own."""
        if self.document.error_code or self.is_archive or not self.among_others:
            return False
        return len(self.pages) == 1 or not self.pages


@dataclass(frozen=True, slots=True)
class Contents:
    """What came in an archive."""

    files: int
    failed: int


def sections_of(documents: Sequence[Document], pages: Iterable[Page]) -> list[Section]:
    """What was handed in, in its order; what came in an archive is a member of that."""
    sections = {row.pk: Section(row, len(documents) > 1) for row in documents}
    for page in pages:
        # Of a document that came out of an archive after these were looked up: it comes later.
        if page.document_id in sections:
            sections[page.document_id].pages.append(page)
    for row in documents:
        if row.archive_id:
            sections[row.archive_id].members.append(sections[row.pk])
    return [section for section in sections.values() if not section.document.archive_id]


def file_notices(job: Job, documents: Iterable[Document]) -> dict[str, Any]:
    """What the screen says of the job's documents together, and of those in each archive."""
    counts: Counter[int | None] = Counter()
    failed: Counter[int | None] = Counter()
    has_video = False
    for document in documents:
        counts[document.archive_id] += 1
        failed[document.archive_id] += document.status == Document.Status.FAILED
        has_video |= document.is_video
    return {
        "several": counts.total() > 1,
        # While the job goes on, for whatever may still come.
        "formats": offered_formats(for_video=has_video, with_answers=is_cloud_engine(job.engine)),
        "files_failed": failed.total(),
        "contents": {key: Contents(counts[key], failed[key]) for key in counts if key},
    }


def copies_of(job: Job, documents: Iterable[Document]) -> dict[int, Document]:
    """The first of its kind for each document that was handed in before."""
    rows = list(documents)
    for row in rows:
        row.job = job
    return earlier_copies(rows)
