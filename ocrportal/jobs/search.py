"""Searching the jobs of a user."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from ocrportal.jobs.models import Document, Job

FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(9000, 1, 1)
"""The range of dates that every time zone can represent; no job is outside it."""


def find_jobs(
    jobs: QuerySet[Job],
    *,
    name: str = "",
    status: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[Job]:
    """Those of ``jobs`` that match, newest first.

    ``name`` is part of a job's or one of its documents' names, in any case; ``status``
    one of Job.Status; ``since`` and ``until`` are days in the portal's time zone, both
    included. Empty arguments do not limit.
    """
    if "\0" in name + status:
        return jobs.none()  # no row contains it, and PostgreSQL rejects it
    if name:
        documents = Document.objects.filter(name__icontains=name).values("job")
        jobs = jobs.filter(Q(name__icontains=name) | Q(pk__in=documents))
    if status:
        jobs = jobs.filter(status=status)
    if since:
        jobs = jobs.filter(created_at__gte=_midnight(_within(since)))
    if until:
        jobs = jobs.filter(created_at__lt=_midnight(_within(until) + dt.timedelta(days=1)))
    return jobs.order_by("-created_at", "-id")


def _within(day: dt.date) -> dt.date:
    return min(max(day, FIRST_DAY), LAST_DAY)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
