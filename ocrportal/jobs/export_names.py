"""Names of exported files: made by a pattern, and unique within a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath, PurePosixPath

from django.db.models import Sum
from django.utils import timezone

from ocrportal.exporters.file_names import safe_file_name, unique_names
from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.name_pattern import (
    DEFAULT_NAME_PATTERN,
    NameFacts,
    filled,
    has_folder,
    names_documents,
)
from ocrportal.jobs.models import Document, Job

_INNER_EXTENSIONS = tuple({kind.extension.rpartition(".")[0] for kind in FORMATS.values()} - {""})
"""The first of two extensions, such as ``.pdfa`` of ``.pdfa.pdf``."""
_EXTENSIONS = tuple(kind.extension for kind in FORMATS.values())
_ANY_EXTENSION = f".{'x' * (max(len(kind.extension) for kind in FORMATS.values()) - 1)}"
"""A placeholder as long as the longest extension."""


def export_label(document: Document, pattern: str) -> str:
    """The name of the file of a single document, without its extension."""
    job = document.job
    rows = Document.objects.filter(job=job) if has_folder(pattern) else []
    folders = _folders(document, {row.pk: row for row in rows})
    return _label(job, document, pattern, _numbers(job, pattern), folders)


def job_label(job: Job, pattern: str = DEFAULT_NAME_PATTERN) -> str:
    """The name of a file with all documents of a job, without its extension."""
    name = PurePath(job.name).stem
    if names_documents(pattern):
        return name
    pages = Document.objects.filter(job=job).aggregate(pages=Sum("page_count"))["pages"] or 0
    day = timezone.localdate(job.created_at)
    return _distinct(filled(pattern, NameFacts(name, 1, 1, name, day, job.service, pages)))


def labels_in_job(job: Job, pattern: str = DEFAULT_NAME_PATTERN) -> dict[int, PurePosixPath]:
    """The path of each document's files without extension, by document id.

    The folders are those of the document in its archive, unless the pattern contains them. Equal
    names are numbered in the order of all documents, with or without results.
    """
    unique = unique_names()
    documents = Document.objects.filter(job=job).order_by("position")
    rows = {row.pk: row for row in documents.only("position", "name", "page_count", "archive")}
    numbers = _numbers(job, pattern)
    named = {}
    for pk, row in rows.items():
        folders = _folders(row, rows)
        # Shortened for the longest extension, so that names are still unique after the cut.
        name = safe_file_name(_label(job, row, pattern, numbers, folders), _ANY_EXTENSION)
        path = unique(str(PurePosixPath(*(() if has_folder(pattern) else folders), name)))
        named[pk] = PurePosixPath(path.removesuffix(_ANY_EXTENSION))
    return named


def _label(
    job: Job,
    document: Document,
    pattern: str,
    numbers: Mapping[int, int],
    folders: Sequence[str],
) -> str:
    facts = NameFacts(
        name=PurePath(document.name).stem,
        number=numbers.get(document.pk, 0),
        of=len(numbers),
        job=PurePath(job.name).stem,
        day=timezone.localdate(job.created_at),
        service=job.service,
        pages=document.page_count or 0,
        folder="_".join(folders),
    )
    return _distinct(filled(pattern, facts))


def _distinct(label: str) -> str:
    # Otherwise “scan.pdfa” as PDF would have the name of “scan” as PDF/A.
    return f"{label}_" if label.casefold().endswith(_INNER_EXTENSIONS) else label


def _folders(document: Document, rows: Mapping[int, Document]) -> tuple[str, ...]:
    """The folders of a document in its archive, an archive in an archive being one of them.

    ``rows`` are the documents of the job by id, archives among them.
    """
    folders: list[str] = []
    while (archive := rows.get(document.archive_id or 0)) is not None:
        folders[:0] = PurePosixPath(document.name).parts[:-1]
        if archive.archive_id is not None:
            folders.insert(0, PurePath(archive.name).stem)
        document = archive
    return tuple(_folder_name(folder) for folder in folders if folder.strip(" ./"))


def _folder_name(folder: str) -> str:
    # Otherwise the folder “scan.txt” would have the name of the text of “scan”.
    is_like_a_file = folder.casefold().endswith(_EXTENSIONS)
    return safe_file_name(f"{folder}_" if is_like_a_file else folder, "")


def _numbers(job: Job, pattern: str) -> dict[int, int]:
    """The number of each document from 1, by id, if the pattern has one; archives have none."""
    if "{number}" not in pattern:
        return {}
    rows = Document.objects.filter(job=job, members=None).order_by("position")
    return {pk: number for number, pk in enumerate(rows.values_list("pk", flat=True), 1)}
