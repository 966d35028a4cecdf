"""Why a cloud job is waiting, and the number of calls it makes."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ocrportal.accounts.suspensions import suspension_of
from ocrportal.engines import is_cloud_engine
from ocrportal.errors.engine import CallCapReached
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.submission.result_cache import count_answered
from ocrportal.usage.caps import cap_reached
from ocrportal.usage.rate_limit import limiting_rate


@dataclass(frozen=True, slots=True)
class Waiting:
    """The reason why an active job waits, other than for a free worker."""

    code: str
    """``approval``, ``transient-error``, ``pace``, or the code of the suspension's error."""
    message: str
    """The cause and the remedy, in the active language."""
    is_for_user: bool
    """True if the job continues only after an action of a user."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls that the unread pages of a job need."""

    needed: int
    answered: int
    """Pages that reuse an earlier result without a call."""
    is_final: bool
    """False while documents are being opened, which may add pages."""


def what_job_waits_for(job: Job) -> Waiting | None:
    """Why no page of this job is sent to the cloud; None if pages are sent."""
    if not job.is_active or not is_cloud_engine(job.engine):
        return None
    if not job.approved:
        message = _("Nothing is sent to the cloud until you start it.")
        return Waiting("approval", message, is_for_user=True)
    if job.credential_id is None:
        return None  # its pages fail with that error
    found = suspension_of(job.credential_id, job.service)
    if found is not None:
        return Waiting(found.error_code, found.message, is_for_user=True)
    cap = job.owner.calls_per_month
    if cap is not None and cap_reached(job.owner):
        error = CallCapReached(cap=cap)
        return Waiting(error.code, str(error), is_for_user=True)
    return _transient_error(job) or _pace(job)


def count_calls(job: Job) -> Calls:
    """The number of calls of the unread pages, as far as it is known now."""
    pages = Page.objects.filter(
        job=job, status__in=(Page.Status.WAITING, Page.Status.QUEUED, Page.Status.RUNNING)
    )
    answered = count_answered(job, pages.exclude(digest=""))
    opening = Document.objects.filter(job=job, status__in=Document.ACTIVE)
    return Calls(
        needed=pages.count() - answered,
        answered=answered,
        is_final=not opening.exists(),
    )


def _transient_error(job: Job) -> Waiting | None:
    """The reason if every queued page waits after a transient error."""
    queued = Page.objects.filter(job=job, status=Page.Status.QUEUED)
    later = queued.filter(not_before__gt=timezone.now(), retries__gt=0)
    waiting = later.count()
    if not waiting or queued.count() > waiting:
        return None
    message = _("Huawei Cloud has a temporary problem. The pages are sent again automatically.")
    return Waiting("transient-error", message, is_for_user=False)


def _pace(job: Job) -> Waiting | None:
    queued = Page.objects.filter(job=job, status=Page.Status.QUEUED).count()
    if job.credential is None or not queued:
        return None
    rate = limiting_rate(job.credential, job.service, queued)
    if rate is None:
        return None
    message = ngettext(
        "This service allows at most %(rate)d call per minute. The pages are sent at that rate.",
        "This service allows at most %(rate)d calls per minute. The pages are sent at that rate.",
        rate,
    )
    return Waiting("pace", message % {"rate": rate}, is_for_user=False)
