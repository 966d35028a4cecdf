"""The panels of the job page that views of their own refresh: exports and deliveries."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ocrportal.jobs.losses import losses_of, pages_with_structure
from ocrportal.jobs.models import Delivery, Job, Page
from ocrportal.jobs.models.export import Export, state_of


def exports_of(job: Job, asked: int = 0) -> dict[str, Any]:
    """Context of the list; ``asked`` is the export whose download starts automatically."""
    rows = list(Export.objects.filter(job=job).select_related("document"))
    for row in rows:
        row.job = job
    pages = pages_with_structure(job) if rows else []
    ready = any(row.pk == asked and row.is_ready for row in rows)
    return {
        "exports": rows,
        "asked": asked,
        "awaited": 0 if ready else asked,
        "lost": {row.pk: losses_of(row, pages) for row in rows if row.is_ready},
        "outdated": _outdated(job, rows) if rows else set(),
        "is_writing": any(row.is_active for row in rows),
    }


def _outdated(job: Job, rows: list[Export]) -> set[int]:
    """The exports whose results have changed since."""
    of_document: dict[int, list[tuple[int, int]]] = defaultdict(list)
    of_job: list[tuple[int, int]] = []
    pages = Page.objects.filter(job=job, result__isnull=False).order_by("pk")
    for page, result, document in pages.values_list("pk", "result_id", "document_id"):
        of_job.append((page, result or 0))
        of_document[document].append((page, result or 0))
    whole = state_of(of_job)
    now = {document: state_of(of_document[document]) for document in of_document}
    return {
        row.pk
        for row in rows
        if row.made_from != (now.get(row.document_id) if row.document_id else whole)
    }


def deliveries_of(job: Job) -> dict[str, Any]:
    """Context of the list of deliveries."""
    rows = list(Delivery.objects.filter(job=job))
    return {"deliveries": rows, "is_delivering": any(row.is_active for row in rows)}
