"""The remaining time of a job."""

from __future__ import annotations

import datetime as dt

from ocrportal.jobs.models import Job, Page

MIN_PAGES = 2
"""The first page includes the start of the engine, so it alone gives no estimate."""


def seconds_left(*, elapsed: float, ended: int, remaining: int) -> float | None:
    """Seconds until ``remaining`` pages are done at the pace of the ``ended`` ones.

    ``elapsed`` is seconds since the work started; None while too little is known.
    """
    if ended < MIN_PAGES or elapsed <= 0:
        return None
    return elapsed / ended * remaining


def job_seconds_left(job: Job, now: dt.datetime) -> float | None:
    """Seconds until a running job ends; None if it does not run or too little is known.

    Counts what ended since the job (re)started: a retried job had pages before.
    """
    if job.status != Job.Status.RUNNING or job.started_at is None:
        return None
    ended = Page.objects.filter(
        job=job,
        status__in=(Page.Status.DONE, Page.Status.FAILED),
        updated_at__gte=job.started_at,
    ).count()
    return seconds_left(
        elapsed=(now - job.started_at).total_seconds(),
        ended=ended,
        remaining=job.pages_total - job.pages_ended,
    )
