"""The documents of a job as sections of its screen, with their pages and archives."""

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
    """A document with its pages, or an archive with its members."""

    document: Document
    is_one_of_many: bool
    pages: list[Page] = field(default_factory=list)
    members: list[Section] = field(default_factory=list)

    @property
    def is_archive(self) -> bool:
        return bool(self.members) or self.document.media_type == ARCHIVE_TYPE

    @property
    def is_card(self) -> bool:
        """True if it is shown as one card in the grid, without a heading."""
        if self.document.error_code or self.is_archive or not self.is_one_of_many:
            return False
        return len(self.pages) == 1 or not self.pages


@dataclass(frozen=True, slots=True)
class Contents:
    """The number of files in an archive."""

    files: int
    failed: int


def sections_of(documents: Sequence[Document], pages: Iterable[Page]) -> list[Section]:
    """The submitted documents in order; files of an archive are members of its section."""
    sections = {row.pk: Section(row, len(documents) > 1) for row in documents}
    for page in pages:
        # A document extracted after the query has no section yet; the next poll shows it.
        if page.document_id in sections:
            sections[page.document_id].pages.append(page)
    for row in documents:
        if row.archive_id:
            sections[row.archive_id].members.append(sections[row.pk])
    return [section for section in sections.values() if not section.document.archive_id]


def file_notices(job: Job, documents: Iterable[Document]) -> dict[str, Any]:
    """Context about all documents of the job, and about the contents of each archive."""
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
    """The earliest identical file for each document that was submitted before."""
    rows = list(documents)
    for row in rows:
        row.job = job
    return earlier_copies(rows)
