"""One job: its progress, pages and actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ocrportal.engines import DEFAULT_ENGINE, engine_label
from ocrportal.exporters.formats import FORMATS
from ocrportal.jobs.access import job_for
from ocrportal.jobs.losses import losses_in
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.jobs.retention import delete_job
from ocrportal.submission.approve import approve_job
from ocrportal.submission.cancel import cancel_job
from ocrportal.submission.retry import retry_job
from ocrportal.submission.waiting import count_calls, what_job_waits_for
from ocrportal.usage.caps import calls_this_month
from ocrportal.web.errors_as_messages import errors_as_messages
from ocrportal.web.requests import UserRequest, row_id
from ocrportal.web.views.job.doubts import doubts_in
from ocrportal.web.views.job.panels import deliveries_of, exports_of
from ocrportal.web.views.job.progress import job_seconds_left
from ocrportal.web.views.job.sections import copies_of, file_notices, sections_of

OVERLAP = dt.timedelta(seconds=2)
"""Rows are stamped before their transaction ends: each poll looks back this much further."""


@login_required
@require_safe
def job(request: UserRequest, job_id: int) -> HttpResponse:
    """The whole page; the download of the export ``?asked=`` starts automatically."""
    asked = row_id(request.GET.get("asked", ""))
    return render(request, "job/job.html", _whole(job_for(request.user, job_id), asked))


@login_required
@require_safe
def changes(request: UserRequest, job_id: int) -> HttpResponse:
    """The changes since the last poll.

    Includes all documents if documents or pages were added or removed, and at the job's end.
    """
    job = job_for(request.user, job_id)
    try:
        since, shown = _read_token(request.GET.get("since", ""))
    except ValueError:
        return HttpResponseBadRequest()
    files = list(Document.objects.filter(job=job).only("archive", "media_type", "status"))
    if not job.is_active or len(files) + Page.objects.filter(job=job).count() != shown:
        return render(request, "job/job.html#everything", _whole(job))
    return render(request, "job/job.html#changes", _changed(job, since, shown, files))


@login_required
@require_POST
@errors_as_messages
def approve(request: UserRequest, job_id: int) -> HttpResponse:
    """Approve the calls, whose number the page has shown."""
    approve_job(user=request.user, job_id=job_id)
    return redirect("job", job_id)


@login_required
@require_POST
@errors_as_messages
def cancel(request: UserRequest, job_id: int) -> HttpResponse:
    cancel_job(user=request.user, job_id=job_id)
    messages.success(request, _("The job was cancelled. Pages that are done are kept."))
    return redirect("job", job_id)


@login_required
@require_POST
@errors_as_messages
def retry(request: UserRequest, job_id: int) -> HttpResponse:
    retry_job(user=request.user, job_id=job_id)
    return redirect("job", job_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: UserRequest, job_id: int) -> HttpResponse:
    """GET asks for confirmation, POST deletes the job."""
    job = job_for(request.user, job_id)
    if request.method != "POST":
        return render(request, "job/delete.html", {"job": job})
    delete_job(user=request.user, job_id=job_id)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": job.name})
    return redirect("history")


def _whole(job: Job, asked: int = 0) -> dict[str, Any]:
    now = timezone.now()
    documents = list(Document.objects.filter(job=job))
    pages = list(_pages(job))
    return {
        **_progress(job, now, len(documents) + len(pages)),
        **file_notices(job, documents),
        **deliveries_of(job),
        **exports_of(job, asked),
        **doubts_in(job, pages),
        "losses": {key: losses_in(pages, key) for key in FORMATS},
        "sections": sections_of(documents, pages),
        "copies": copies_of(job, documents),
        "can_retry": not job.is_active and _has_something_to_retry(documents, pages),
    }


def _changed(job: Job, since: dt.datetime, shown: int, files: list[Document]) -> dict[str, Any]:
    now = timezone.now()
    rows = Document.objects.filter(job=job, updated_at__gte=since)
    documents = list(rows.select_related("archive"))
    # The heading of an archive counts its members.
    headed = {row.pk: row for row in documents}
    headed |= {row.archive.pk: row.archive for row in documents if row.archive}
    pages = list(_pages(job).filter(updated_at__gte=since))
    return {
        **_progress(job, now, shown),
        **file_notices(job, files),
        "documents": headed.values(),
        "changed_pages": pages,
        "copies": copies_of(job, [*headed.values(), *(page.document for page in pages)]),
    }


def _pages(job: Job) -> QuerySet[Page]:
    """The job's pages in order, with the columns that a card shows."""
    return (
        Page.objects.filter(job=job)
        .select_related("result", "document")
        .only(
            "document__digest",
            "document__name",
            "document__page_count",
            "error_code",
            "error_params",
            "is_blank",
            "job_id",
            "notes",
            "number",
            "part",
            "result__doubts",
            "result__engine",
            "result__reused",
            "result__rotation",
            "result__structure",
            "seconds",
            "status",
            "thumbnail",
            "updated_at",
        )
        .order_by("document__position", "number", "part")
    )


def _progress(job: Job, now: dt.datetime, shown: int) -> dict[str, Any]:
    seconds = job_seconds_left(job, now)
    return {
        "job": job,
        "engine_name": engine_label(job.engine),
        "is_default_engine": job.engine == DEFAULT_ENGINE,
        **_waiting(job),
        "minutes_left": None if seconds is None else round(seconds / 60),
        "token": f"{(now - OVERLAP).timestamp():.3f}-{shown}",
    }


def _waiting(job: Job) -> dict[str, Any]:
    """What the job waits for, if anything, and the number of calls it will make."""
    waiting = what_job_waits_for(job)
    if waiting is None or waiting.code != "approval":
        return {"waiting": waiting}
    cap = job.owner.calls_per_month
    left = None if cap is None else max(0, cap - calls_this_month(job.owner))
    return {"waiting": waiting, "calls": count_calls(job), "calls_left": left}


def _read_token(token: str) -> tuple[dt.datetime, int]:
    """The two parts of a token of :func:`_progress`; raises ValueError."""
    moment, _dash, shown = token.partition("-")
    try:
        return dt.datetime.fromtimestamp(float(moment), tz=dt.UTC), int(shown)
    except OverflowError as error:
        raise ValueError(token) from error


def _has_something_to_retry(documents: Iterable[Document], pages: Iterable[Page]) -> bool:
    return any(
        (row.file or row.address) and row.status in ("failed", "cancelled") for row in documents
    ) or any(page.status in ("failed", "cancelled") for page in pages)
