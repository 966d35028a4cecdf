"""Downloads of results, and the text for the clipboard."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from ocrportal.engines import is_cloud_engine
from ocrportal.exporters.formats import FORMATS, offered_formats
from ocrportal.exporters.options import ExportOptions, read_options
from ocrportal.jobs.access import document_for, job_for
from ocrportal.jobs.exporting import (
    WrittenFile,
    export_archive,
    export_document,
    export_job,
    exportable_documents,
    text_of_job,
)
from ocrportal.jobs.losses import losses_in, pages_with_structure
from ocrportal.jobs.models.export import ALL_FORMATS
from ocrportal.web.errors_as_messages import errors_as_messages, errors_as_page
from ocrportal.web.requests import UserRequest
from ocrportal.web.views.job.export_form import ExportForm
from ocrportal.workers.export_requests import order_export

_REMEMBERED = "export"
"""Key in the session."""
never_kept = cache_control(private=True, no_store=True)


@login_required
@require_safe
@never_kept
@errors_as_page
def document(request: UserRequest, document_id: int, key: str) -> FileResponse:
    options = read_options(request.GET.dict())
    return _download(export_document(document_for(request.user, document_id), key, options))


@login_required
@require_safe
@never_kept
@errors_as_page
def job(request: UserRequest, job_id: int, key: str) -> FileResponse:
    """A file in one format; ``zip`` contains every document in every suitable format."""
    row = job_for(request.user, job_id)
    options = read_options(request.GET.dict())
    if key == ALL_FORMATS:
        return _download(export_archive(row, options))
    return _download(export_job(row, key, options))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@errors_as_messages
def choose(request: UserRequest, job_id: int) -> HttpResponse:
    """GET asks for format and options, POST requests the export and redirects to the list.

    The last choice is the default for the rest of the session.
    """
    row = job_for(request.user, job_id)
    has_video = any(document.is_video for document in exportable_documents(row))
    form = ExportForm(
        request.POST if request.method == "POST" else None,
        formats=offered_formats(for_video=has_video, with_answers=is_cloud_engine(row.engine)),
        is_one=row.document_count == 1,
        initial=request.session.get(_REMEMBERED, {}),
    )
    if form.is_valid():
        remembered = request.session.get(_REMEMBERED, {})
        request.session[_REMEMBERED] = remembered | form.cleaned_data
        key, options = form.cleaned_data["format"], read_options(form.chosen)
        export = order_export(user=request.user, job_id=job_id, key=key, options=options)
        return redirect(f"{reverse('job', args=[job_id])}?asked={export.pk}#exports")
    pages = pages_with_structure(row)
    losses = [(key, loss) for key in FORMATS for loss in losses_in(pages, key)]
    context = {"job": row, "form": form, "losses": losses}
    return render(request, "job/export.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
@never_kept
def job_text(request: UserRequest, job_id: int) -> HttpResponse:
    """The recognised text as in a TXT file; ``?lines=kept`` keeps the printed line breaks."""
    row = job_for(request.user, job_id)
    options = ExportOptions(lines="printed" if request.GET.get("lines") == "kept" else "paragraphs")
    return HttpResponse(text_of_job(row, options), content_type="text/plain; charset=utf-8")


def _download(export: WrittenFile) -> FileResponse:
    return FileResponse(
        export.file, as_attachment=True, filename=export.name, content_type=export.media_type
    )
