"""Recovering the work of exited workers and lost messages."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ocrportal.accounts.models import User
from ocrportal.engines import cloud_engines
from ocrportal.errors.ingest import UploadInterrupted
from ocrportal.jobs.job_status import refresh_job_status
from ocrportal.jobs.leases import Row, expired, owned_by, requeue_stale
from ocrportal.jobs.models import Delivery, Document, Export, Job, Page
from ocrportal.jobs.retention import delete_expired_exports
from ocrportal.submission.queue import MAX_WAKES
from ocrportal.usage.caps import cap_reached
from ocrportal.usage.rate_limit import end_calls_for
from ocrportal.workers.read_cloud_page import due_pages
from ocrportal.workers.scratch import clear_abandoned

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Idle:
    """The numbers of queued rows for which no worker has come recently."""

    documents: int
    pages: int
    """Pages for engines of this machine."""
    cloud_pages: int = 0
    """Pages for cloud engines that may be sent now: suspended calls wake no worker."""
    deliveries: int = 0
    exports: int = 0


def recover() -> Idle:
    """Requeue the work of exited workers, end finished jobs, and count rows without a message.

    Rows of a kind count only if none of them has changed recently and none is leased: while
    workers process rows of that kind, its messages arrive. Without that rule a slow page would
    cause messages for the other pages at each call, faster than workers receive them.
    """
    _requeue_stale()
    _end_finished_jobs()
    clear_abandoned()
    delete_expired_exports()
    documents, pages = Document.objects.all(), Page.objects.all()
    local_pages = pages.exclude(job__engine__in=cloud_engines())
    return Idle(
        documents=_idle(documents, Document.Status.OPENING)
        and _queued_count(documents.filter(status=Document.Status.QUEUED)),
        pages=_idle(local_pages, Page.Status.RUNNING)
        and _queued_count(local_pages.filter(status=Page.Status.QUEUED)),
        cloud_pages=_queued_count(_idle_cloud_pages()),
        deliveries=_idle_rows(Delivery.objects.filter(status__in=Delivery.ACTIVE)),
        exports=_idle_rows(Export.objects.filter(status__in=Export.ACTIVE)),
    )


def _idle_cloud_pages() -> QuerySet[Page]:
    """Due pages of the credentials that are idle, each credential by itself.

    Pages of users without remaining calls are left out: their messages would have no effect.
    """
    pages = Page.objects.filter(job__credential__isnull=False)
    busy = _busy(pages, Page.Status.RUNNING).values_list("job__credential", flat=True)
    # Evaluated once instead of for each page.
    due = due_pages().exclude(job__credential__in=list(busy.order_by().distinct()))
    owners = User.objects.filter(pk__in=due.values("job__owner"), calls_per_month__isnull=False)
    return due.exclude(job__owner__in=[owner.pk for owner in owners if cap_reached(owner)])


def _idle_rows(active: QuerySet[Delivery] | QuerySet[Export]) -> int:
    """The number of queued rows if none is busy, whatever the status of their jobs."""
    recent = timezone.now() - timedelta(seconds=settings.SWEEP_SECONDS)
    busy = Q(updated_at__gte=recent) | Q(status="running")
    return 0 if active.filter(busy).exists() else active[:MAX_WAKES].count()


def _idle(rows: QuerySet[Document] | QuerySet[Page], leased: str) -> bool:
    return not _busy(rows, leased).exists()


def _busy(rows: QuerySet[Row], leased: str) -> QuerySet[Row]:
    """Rows of active jobs that changed recently or are leased."""
    recent = timezone.now() - timedelta(seconds=settings.SWEEP_SECONDS)
    busy = Q(updated_at__gte=recent) | Q(status=leased)
    return rows.filter(busy, job__status__in=Job.ACTIVE)


def _queued_count(rows: QuerySet[Document] | QuerySet[Page]) -> int:
    return rows.filter(job__status__in=Job.ACTIVE)[:MAX_WAKES].count()


def _requeue_stale() -> None:
    """Requeue the work of exited workers, and fail the uploads of exited web processes."""
    # In one transaction: if a worker leased a page in between, its new call would be ended too.
    with transaction.atomic():
        for page in requeue_stale(Page):
            end_calls_for(page.pk)
    for model in (Document, Delivery, Export):
        requeue_stale(model)
    now = timezone.now()
    for document in expired(Document.objects.filter(status=Document.Status.RECEIVING)):
        Document.objects.filter(owned_by(document), status=Document.Status.RECEIVING).update(
            status=Document.Status.FAILED,
            error_code=UploadInterrupted.code,
            lease_expires_at=None,
            updated_at=now,
        )


def _end_finished_jobs() -> None:
    """End jobs whose worker exited between their last page and the end of the job."""
    documents = Document.objects.filter(job=OuterRef("pk"), status__in=Document.ACTIVE)
    pages = Page.objects.filter(job=OuterRef("pk"), status__in=Page.ACTIVE)
    active = Job.objects.filter(status__in=Job.ACTIVE)
    for job_id in (
        active.exclude(Exists(documents)).exclude(Exists(pages)).values_list("pk", flat=True)
    ):
        refresh_job_status(job_id)
