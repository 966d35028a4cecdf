"""Downloads made of results, and the text for the clipboard."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ocrportal.exporters.options import ExportOptions, read_options
from ocrportal.jobs.access import document_for, job_for
from ocrportal.jobs.exporting import (
    WrittenFile,
    export_archive,
    export_document,
    export_job,
    text_of_job,
)
from ocrportal.web.refusals import tells_why_instead_of_file
from ocrportal.web.requests import UserRequest

never_kept = cache_control(private=True, no_store=True)


@login_required
@require_safe
@never_kept
@tells_why_instead_of_file
def document(request: UserRequest, document_id: int, key: str) -> FileResponse:
    options = read_options(request.GET.dict())
    return _download(export_document(document_for(request.user, document_id), key, options))


@login_required
@require_safe
@never_kept
@tells_why_instead_of_file
def job(request: UserRequest, job_id: int, key: str) -> FileResponse:
    """One format; ``zip`` is every document in every format that suits it."""
    row = job_for(request.user, job_id)
    options = read_options(request.GET.dict())
    if key == "zip":
        return _download(export_archive(row, options))
    return _download(export_job(row, key, options))


@login_required
@require_safe
@never_kept
def job_text(request: UserRequest, job_id: int) -> HttpResponse:
    """All recognised text as TXT files have it; ``?lines=kept`` breaks it where the print does."""
    row = job_for(request.user, job_id)
    options = ExportOptions(lines="printed" if request.GET.get("lines") == "kept" else "paragraphs")
    return HttpResponse(text_of_job(row, options), content_type="text/plain; charset=utf-8")


def _download(export: WrittenFile) -> FileResponse:
    return FileResponse(
        export.file, as_attachment=True, filename=export.name, content_type=export.media_type
    )
