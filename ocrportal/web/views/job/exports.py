"""The exports of a job: requesting, watching, downloading, repeating and deleting them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ocrportal.errors.export import ExportError
from ocrportal.exporters.options import read_options
from ocrportal.jobs.access import export_for, job_for
from ocrportal.jobs.models import Job
from ocrportal.jobs.retention import delete_export
from ocrportal.web.errors_as_messages import errors_as_messages, errors_as_page
from ocrportal.web.requests import UserRequest, row_id
from ocrportal.web.views.job.panels import exports_of
from ocrportal.workers.export_requests import cancel_export, order_again, order_export


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@errors_as_messages
def exports(request: UserRequest, job_id: int) -> HttpResponse:
    """GET returns the panel of the job page that lists them, POST requests another one."""
    job = job_for(request.user, job_id)
    if request.method != "POST":
        return _panel(request, job, row_id(request.GET.get("asked", "")))
    document = request.POST.get("document", "")
    try:
        export = order_export(
            user=request.user,
            job_id=job_id,
            key=request.POST.get("format", ""),
            document_id=row_id(document) if document else None,
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
    """Write the export again from the current results."""
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
    return _shown(request, export.job, row_id(request.POST.get("asked", "")))


@login_required
@require_POST
def delete(request: UserRequest, export_id: int) -> HttpResponse:
    job = export_for(request.user, export_id).job
    delete_export(user=request.user, export_id=export_id)
    return _shown(request, job, row_id(request.POST.get("asked", "")))


@login_required
@require_safe
@cache_control(private=True, no_store=True)
@errors_as_page
def file(request: UserRequest, export_id: int) -> FileResponse:
    export = export_for(request.user, export_id)
    return FileResponse(
        export.opened(),
        as_attachment=True,
        filename=export.name,
        content_type=export.media_type,
    )


def _shown(request: UserRequest, job: Job, asked: int = 0) -> HttpResponse:
    """The refreshed list; without scripts, a redirect to the page that contains it."""
    if request.htmx:
        return _panel(request, job, asked)
    return redirect(f"{reverse('job', args=[job.pk])}#exports")


def _panel(request: UserRequest, job: Job, asked: int = 0, refusal: str = "") -> HttpResponse:
    context = {"job": job, "refusal": refusal, **exports_of(job, asked)}
    return render(request, "job/parts/exports.html", context)
