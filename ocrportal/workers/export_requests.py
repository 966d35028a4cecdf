"""Requests of users for exports: create, repeat and cancel."""

from __future__ import annotations

import logging
from collections import Counter

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language

from ocrportal.accounts.models import User
from ocrportal.errors.export import NoAnswers, NothingToExport, NoTimeCodes
from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions, as_words, read_options
from ocrportal.jobs.access import document_for, export_for, job_for
from ocrportal.jobs.exporting import export_format, suiting_formats
from ocrportal.jobs.leases import lease
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.jobs.models.export import ALL_FORMATS, Export, state_of
from ocrportal.submission import queue
from ocrportal.workers.export_worker import LEASE_SECONDS, write_export

logger = logging.getLogger(__name__)

SHORT_PAGES = 40
"""Up to this number of pages an export is written within the request: about three seconds with
the verification, which is less than the queue and a few polls take."""


def order_export(
    *,
    user: User,
    job_id: int,
    key: str,
    document_id: int | None = None,
    options: ExportOptions = DEFAULT_OPTIONS,
) -> Export:
    """Request an export of a job, or of one document of it; a short one is written at once.

    ``key`` is a format, or ``ALL_FORMATS`` for the whole job in every suitable format. An equal
    export that exists or is being written is returned as long as no result has changed. Raises
    Http404 for rows of another user, UnknownFormat, NothingToExport while no page has a result,
    and NoTimeCodes or NoAnswers if the format suits no document.
    """
    job = job_for(user, job_id)
    document = None if document_id is None else document_for(user, document_id, job_id)
    if key != ALL_FORMATS or document is not None:
        export_format(key)  # raises UnknownFormat
    export, is_new = _ordered(job, document, key, options)
    if not is_new:
        return export
    if export.pages_total <= SHORT_PAGES:
        leased = lease(export, seconds=LEASE_SECONDS)
        if leased is not None:
            try:
                write_export(leased)
            except Exception:
                # The row is marked as failed, and the list of exports shows it.
                logger.exception("export %s failed", export.pk)
    else:
        queue.wake_on_commit(queue.wake_for_export)
    return export_for(user, export.pk)


def order_again(*, user: User, export_id: int) -> Export:
    """Request an export again with its options; raises as :func:`order_export`."""
    export = export_for(user, export_id)
    return order_export(
        user=user,
        job_id=export.job_id,
        key=export.format,
        document_id=export.document_id,
        options=read_options(export.options),
    )


def cancel_export(*, user: User, export_id: int) -> Export:
    """Cancel an active export; an ended one stays as it is. Raises Http404."""
    export = export_for(user, export_id)
    now = timezone.now()
    Export.objects.filter(pk=export.pk, status__in=Export.ACTIVE).update(
        status=Export.Status.CANCELLED, lease_expires_at=None, finished_at=now, updated_at=now
    )
    return export_for(user, export_id)


@transaction.atomic
def _ordered(
    job: Job, document: Document | None, key: str, options: ExportOptions
) -> tuple[Export, bool]:
    """The row, and whether it is new; two clicks create one."""
    if not Job.objects.select_for_update(no_key=True).filter(pk=job.pk):
        raise Http404
    rows = Page.objects.filter(job=job, result__isnull=False)
    if document is not None:
        rows = rows.filter(document=document)
    pages = list(rows.order_by("pk").values_list("pk", "result_id", "document_id"))
    if not pages:
        raise NothingToExport
    asked = {
        "format": key,
        "document": document,
        "language": get_language() or "",
        "made_from": state_of((page, result or 0) for page, result, _document in pages),
    }
    words = as_words(options)
    there = Export.objects.filter(job=job, status__in=(*Export.ACTIVE, Export.Status.DONE), **asked)
    for export in there:
        if export.options == words:
            return export, False
    total = _pages_to_write(key, Counter(row[2] for row in pages))
    if not total:
        raise NoTimeCodes if FORMATS[key].requires == "times" else NoAnswers
    return Export.objects.create(job=job, options=words, pages_total=total, **asked), True


def _pages_to_write(key: str, pages: Counter[int]) -> int:
    """How many pages the files contain; ``pages`` counts those of each document."""
    total = 0
    for document in Document.objects.filter(pk__in=pages):
        suiting = suiting_formats(document)
        wanted = suiting if key == ALL_FORMATS else [FORMATS[key]]
        total += pages[document.pk] * sum(entry in suiting for entry in wanted)
    return total
