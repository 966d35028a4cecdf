"""Why a job for the cloud does not go on, and how many calls it makes."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ocrportal.accounts.suspensions import suspension_of
from ocrportal.engines import is_cloud_engine
from ocrportal.errors import CallCapReached
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.submission.result_cache import count_answered
from ocrportal.usage.caps import cap_reached
from ocrportal.usage.rate_limit import limiting_rate


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an active job waits for, other than a free worker."""

    code: str
    """``approval``, ``trouble``, ``pace``, or the code of the error that holds its calls."""
    message: str
    """What is the matter and what to do, in the active language."""
    is_for_user: bool
    """True if it goes on only once somebody has done something."""


@dataclass(frozen=True, slots=True)
class Calls:
    """What a job's pages that are not read yet will ask of the cloud."""

    needed: int
    answered: int
    """Pages for which an earlier answer is taken: no call, nothing to pay."""
    is_final: bool
    """False while documents are still being opened, so that more may come."""


def what_job_waits_for(job: Job) -> Waiting | None:
    """Why pages of this job are not being sent to the cloud; None if nothing keeps them."""
    if not job.is_active or not is_cloud_engine(job.engine):
        return None
    if not job.approved:
        message = _("Nothing is sent to the cloud until you start it.")
        return Waiting("approval", message, is_for_user=True)
    if job.credential_id is None:
        return None  # its pages fail and say so
    found = suspension_of(job.credential_id, job.service)
    if found is not None:
        return Waiting(found.error_code, found.message, is_for_user=True)
    cap = job.owner.calls_per_month
    if cap is not None and cap_reached(job.owner):
        error = CallCapReached(cap=cap)
        return Waiting(error.code, str(error), is_for_user=True)
    return _trouble(job) or _pace(job)


def count_calls(job: Job) -> Calls:
    """How many calls the pages make that are not read yet, as far as it is known now."""
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


def _trouble(job: Job) -> Waiting | None:
    """The cloud is in trouble if pages wait after it and none is due."""
    queued = Page.objects.filter(job=job, status=Page.Status.QUEUED)
    later = queued.filter(not_before__gt=timezone.now(), retries__gt=0)
    waiting = later.count()
    if not waiting or queued.count() > waiting:
        return None
    message = _("Huawei Cloud has a temporary problem. The pages are sent again automatically.")
    return Waiting("trouble", message, is_for_user=False)


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
