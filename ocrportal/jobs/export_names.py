"""Names of exported files, by a pattern and unique within their job."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from django.utils import timezone

from ocrportal.exporters.archive import safe_file_name, unique_names
from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.name_pattern import DEFAULT_NAME_PATTERN, NameFacts, filled
from ocrportal.jobs.models import Document, Job

_INNER_ENDINGS = tuple({kind.extension.rpartition(".")[0] for kind in FORMATS.values()} - {""})
"""The first of two extensions, such as ``.pdfa`` of ``.pdfa.pdf``."""
_ANY_ENDING = f".{'x' * (max(len(kind.extension) for kind in FORMATS.values()) - 1)}"
"""As long as the longest extension."""


def export_label(document: Document, pattern: str) -> str:
    """The name of a document's file without its extension, if it is exported by itself."""
    return _label(document.job, document, pattern, _numbers(document.job, pattern))


def labels_in_job(job: Job, pattern: str = DEFAULT_NAME_PATTERN) -> dict[int, str]:
    """The name of each document's files, without extension, by its id.

    Equal names are numbered in the order of all documents, whether they have results or not.
    """
    unique = unique_names()
    documents = Document.objects.filter(job=job).order_by("position")
    labels = documents.only("position", "name", "page_count")
    numbers = _numbers(job, pattern)
    named = {}
    for row in labels:
        # With room for the longest ending, so that no two become alike where they are cut.
        name = safe_file_name(_label(job, row, pattern, numbers), _ANY_ENDING)
        named[row.pk] = unique(name).removesuffix(_ANY_ENDING)
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
    # So that “scan.pdfa” as PDF is not called what “scan” is as PDF/A.
    return f"{label}_" if label.casefold().endswith(_INNER_ENDINGS) else label


def _numbers(job: Job, pattern: str) -> dict[int, int]:
    """The number of each document by its id, from 1, if the pattern asks; archives have none."""
    if "{number}" not in pattern:
        return {}
    rows = Document.objects.filter(job=job, members=None).order_by("position")
    return {pk: number for number, pk in enumerate(rows.values_list("pk", flat=True), 1)}
