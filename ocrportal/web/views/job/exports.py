"""The files that were written of a job: asked for, watched, fetched, made again, deleted."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ocrportal.errors import ExportError
from ocrportal.exporters.options import read_options
from ocrportal.jobs.access import export_for, job_for
from ocrportal.jobs.models import Job, Page
from ocrportal.jobs.models.export import Export, state_of
from ocrportal.jobs.retention import delete_export
from ocrportal.web.errors_as_messages import errors_as_messages, tells_why_instead_of_file
from ocrportal.web.requests import UserRequest
from ocrportal.workers.export_requests import cancel_export, order_again, order_export


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@errors_as_messages
def exports(request: UserRequest, job_id: int) -> HttpResponse:
    """GET is the part of the job's page that lists them, POST asks for one more."""
    job = job_for(request.user, job_id)
    if request.method != "POST":
        return _panel(request, job, whole_number(request.GET.get("asked", "")))
    document = request.POST.get("document", "")
    try:
        export = order_export(
            user=request.user,
            job_id=job_id,
            key=request.POST.get("format", ""),
            document_id=whole_number(document) if document else None,
            options=read_options(request.POST.dict()),
        )
    except ExportError as error:
        if request.htmx:
            return _panel(request, job, refusal=str(error))
        raise
    return _shown(request, job, export.pk)


@login_required
@require_POST
def again(request: UserRequest, export_id: int) -> HttpResponse:
    """Make it once more, of what the results are now."""
    job = export_for(request.user, export_id).job
    try:
        export = order_again(user=request.user, export_id=export_id)
    except ExportError as error:
        return _panel(request, job, refusal=str(error))
    return _shown(request, job, export.pk)


@login_required
@require_POST
def cancel(request: UserRequest, export_id: int) -> HttpResponse:
    export = cancel_export(user=request.user, export_id=export_id)
    return _shown(request, export.job, whole_number(request.POST.get("asked", "")))


@login_required
@require_POST
def delete(request: UserRequest, export_id: int) -> HttpResponse:
    job = export_for(request.user, export_id).job
    delete_export(user=request.user, export_id=export_id)
    return _shown(request, job, whole_number(request.POST.get("asked", "")))


@login_required
@require_safe
@cache_control(private=True, no_store=True)
@tells_why_instead_of_file
def file(request: UserRequest, export_id: int) -> FileResponse:
    export = export_for(request.user, export_id)
    return FileResponse(
        export.opened(),
        as_attachment=True,
        filename=export.name,
        content_type=export.media_type,
    )


def exports_of(job: Job, asked: int = 0) -> dict[str, Any]:
    """What the template of the list needs; ``asked`` is the one whose download begins by itself."""
    rows = list(Export.objects.filter(job=job).select_related("document"))
    for row in rows:
        row.job = job
    ready = any(row.pk == asked and row.is_ready for row in rows)
    return {
        "exports": rows,
        "asked": asked,
        "awaited": 0 if ready else asked,
        "outdated": _outdated(job, rows) if rows else set(),
        "is_writing": any(row.is_active for row in rows),
    }


def _outdated(job: Job, rows: list[Export]) -> set[int]:
    """Those whose results changed since."""
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


def _shown(request: UserRequest, job: Job, asked: int = 0) -> HttpResponse:
    """The list anew; without scripts the page that has it."""
    if request.htmx:
        return _panel(request, job, asked)
    return redirect(f"{reverse('job', args=[job.pk])}#exports")


def _panel(request: UserRequest, job: Job, asked: int = 0, refusal: str = "") -> HttpResponse:
    context = {"job": job, "refusal": refusal, **exports_of(job, asked)}
    return render(request, "job/parts/exports.html", context)


def whole_number(text: str) -> int:
    """The number, or one that no row has."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0
