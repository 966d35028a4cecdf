"""Putting back to work what a dead worker or a lost message left lying."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ocrportal.jobs.models import Document, Job, Page
from ocrportal.recognition.claims import held, lapsed
from ocrportal.recognition.settling import settle

logger = logging.getLogger(__name__)

MOST_WAKES = 64
"""More messages than this at once only lengthen the queue; the next sweep sends more."""


@dataclass(frozen=True, slots=True)
class Idle:
    """How many documents and pages wait though no worker has come for one in a while."""

    documents: int
    pages: int


def find_idle_work() -> Idle:
    """Free what dead workers held, end jobs they left open, count what waits for a message.

    While rows of a kind change hands their messages flow, and those that are missing
    are missed only at the end, when it grows quiet. It is not quiet while a worker has one
    in hand, however long: slow pages would get new messages each time, faster than any
    worker takes them.
    """
    _free_lapsed()
    _settle_finished()
    return Idle(
        documents=_waiting_in_silence(
            Document.objects.all(), Document.Status.QUEUED, Document.Status.OPENING
        ),
        pages=_waiting_in_silence(Page.objects.all(), Page.Status.QUEUED, Page.Status.RUNNING),
    )


def _waiting_in_silence(
    rows: QuerySet[Document] | QuerySet[Page], queued: str, in_hand: str
) -> int:
    rows = rows.filter(job__status__in=Job.ACTIVE)
    quiet_since = timezone.now() - timedelta(seconds=settings.SWEEP_SECONDS)
    if rows.filter(Q(updated_at__gte=quiet_since) | Q(status=in_hand)).exists():
        return 0
    return rows.filter(status=queued)[:MOST_WAKES].count()


def _free_lapsed() -> None:
    now = timezone.now()
    for page in lapsed(Page.objects.filter(status=Page.Status.RUNNING)):
        freed = Page.objects.filter(held(page), status=Page.Status.RUNNING).update(
            status=Page.Status.QUEUED, claimed_until=None, updated_at=now
        )
        logger.warning("page %s freed from %s: %s", page.pk, page.claimed_by, bool(freed))
    for document in lapsed(Document.objects.filter(status=Document.Status.OPENING)):
        freed = Document.objects.filter(held(document), status=Document.Status.OPENING).update(
            status=Document.Status.QUEUED, claimed_until=None, updated_at=now
        )
        logger.warning("document %s freed from %s: %s", document.pk, document.claimed_by, freed)


def _settle_finished() -> None:
    """End jobs whose worker died after its last page, with just the job left to settle."""
    documents = Document.objects.filter(job=OuterRef("pk"), status__in=Document.ACTIVE)
    pages = Page.objects.filter(job=OuterRef("pk"), status__in=Page.ACTIVE)
    active = Job.objects.filter(status__in=Job.ACTIVE)
    for job_id in (
        active.exclude(Exists(documents)).exclude(Exists(pages)).values_list("pk", flat=True)
    ):
        settle(job_id)
