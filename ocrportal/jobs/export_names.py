"""Names of exported files: made by a pattern, and unique within a job."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from django.utils import timezone

from ocrportal.exporters.file_names import safe_file_name, unique_names
from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.name_pattern import DEFAULT_NAME_PATTERN, NameFacts, filled
from ocrportal.jobs.models import Document, Job

_INNER_EXTENSIONS = tuple({kind.extension.rpartition(".")[0] for kind in FORMATS.values()} - {""})
"""The first of two extensions, such as ``.pdfa`` of ``.pdfa.pdf``."""
_ANY_EXTENSION = f".{'x' * (max(len(kind.extension) for kind in FORMATS.values()) - 1)}"
"""A placeholder as long as the longest extension."""


def export_label(document: Document, pattern: str) -> str:
    """The name of the file of a single document, without its extension."""
    return _label(document.job, document, pattern, _numbers(document.job, pattern))


def labels_in_job(job: Job, pattern: str = DEFAULT_NAME_PATTERN) -> dict[int, str]:
    """The name of each document's files without extension, by document id.

    Equal names are numbered in the order of all documents, with or without results.
    """
    unique = unique_names()
    documents = Document.objects.filter(job=job).order_by("position")
    labels = documents.only("position", "name", "page_count")
    numbers = _numbers(job, pattern)
    named = {}
    for row in labels:
        # Shortened for the longest extension, so that names are still unique after the cut.
        name = safe_file_name(_label(job, row, pattern, numbers), _ANY_EXTENSION)
        named[row.pk] = unique(name).removesuffix(_ANY_EXTENSION)
    return named


def _label(job: Job, document: Document, pattern: str, numbers: Mapping[int, int]) -> str:
    facts = NameFacts(
        name=PurePath(document.name).stem,
        number=numbers.get(document.pk, 0),
        of=len(numbers),
        job=PurePath(job.name).stem,
        day=timezone.localdate(job.created_at),
        service=job.service,
        pages=document.page_count or 0,
    )
    label = filled(pattern, facts)
    # Otherwise “scan.pdfa” as PDF would have the name of “scan” as PDF/A.
    return f"{label}_" if label.casefold().endswith(_INNER_EXTENSIONS) else label


def _numbers(job: Job, pattern: str) -> dict[int, int]:
    """The number of each document from 1, by id, if the pattern has one; archives have none."""
    if "{number}" not in pattern:
        return {}
    rows = Document.objects.filter(job=job, members=None).order_by("position")
    return {pk: number for number, pk in enumerate(rows.values_list("pk", flat=True), 1)}
