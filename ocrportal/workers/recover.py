"""Putting back to work what a dead worker or a lost message left lying."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ocrportal.accounts.models import User
from ocrportal.engines import cloud_engines
from ocrportal.errors import UploadInterrupted
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
    """How many documents and pages wait though no worker has come for one in a while."""

    documents: int
    pages: int
    """For an engine of this machine."""
    cloud_pages: int = 0
    """For the cloud, with nothing in their way: what is held wakes nobody."""
    deliveries: int = 0
    exports: int = 0


def recover() -> Idle:
    """Free what dead workers held, end jobs they left open, count what waits for a message.

    While rows of a kind change hands their messages flow, and those that are missing
    are missed only at the end, when it grows quiet. It is not quiet while a worker has one
    in hand, however long: slow pages would get new messages each time, faster than any
    worker takes them.
    """
    _requeue_stale()
    _end_finished_jobs()
    clear_abandoned()
    delete_expired_exports()
    documents, pages = Document.objects.all(), Page.objects.all()
    local_pages = pages.exclude(job__engine__in=cloud_engines())
    return Idle(
        documents=_silent(documents, Document.Status.OPENING)
        and _some(documents.filter(status=Document.Status.QUEUED)),
        pages=_silent(local_pages, Page.Status.RUNNING)
        and _some(local_pages.filter(status=Page.Status.QUEUED)),
        cloud_pages=_some(_idle_cloud_pages()),
        deliveries=_idle_rows(Delivery.objects.filter(status__in=Delivery.ACTIVE)),
        exports=_idle_rows(Export.objects.filter(status__in=Export.ACTIVE)),
    )


def _idle_cloud_pages() -> QuerySet[Page]:
    """Due pages of credentials with which it is quiet: one does not wait for another's end.

    Not those of users who have no calls left: nothing would come of their messages.
    """
    pages = Page.objects.filter(job__credential__isnull=False)
    stirring = _stirring(pages, Page.Status.RUNNING).values_list("job__credential", flat=True)
    # Looked up once, and not for each page.
    due = due_pages().exclude(job__credential__in=list(stirring.order_by().distinct()))
    owners = User.objects.filter(pk__in=due.values("job__owner"), calls_per_month__isnull=False)
    return due.exclude(job__owner__in=[owner.pk for owner in owners if cap_reached(owner)])


def _idle_rows(active: QuerySet[Delivery] | QuerySet[Export]) -> int:
    """Those that wait, once it is quiet; whatever state their jobs are in."""
    quiet_since = timezone.now() - timedelta(seconds=settings.SWEEP_SECONDS)
    stirs = Q(updated_at__gte=quiet_since) | Q(status="running")
    return 0 if active.filter(stirs).exists() else active[:MAX_WAKES].count()


def _silent(rows: QuerySet[Document] | QuerySet[Page], in_hand: str) -> bool:
    return not _stirring(rows, in_hand).exists()


def _stirring(rows: QuerySet[Row], in_hand: str) -> QuerySet[Row]:
    """Those that changed lately or are in a worker's hands."""
    quiet_since = timezone.now() - timedelta(seconds=settings.SWEEP_SECONDS)
    stirs = Q(updated_at__gte=quiet_since) | Q(status=in_hand)
    return rows.filter(stirs, job__status__in=Job.ACTIVE)


def _some(rows: QuerySet[Document] | QuerySet[Page]) -> int:
    return rows.filter(job__status__in=Job.ACTIVE)[:MAX_WAKES].count()


def _requeue_stale() -> None:
    """Requeue the work of exited workers, and fail the uploads of exited web processes."""
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
    """End jobs whose worker died after its last page, before the job was ended."""
    documents = Document.objects.filter(job=OuterRef("pk"), status__in=Document.ACTIVE)
    pages = Page.objects.filter(job=OuterRef("pk"), status__in=Page.ACTIVE)
    active = Job.objects.filter(status__in=Job.ACTIVE)
    for job_id in (
        active.exclude(Exists(documents)).exclude(Exists(pages)).values_list("pk", flat=True)
    ):
        refresh_job_status(job_id)
