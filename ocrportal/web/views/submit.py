"""Handing in files: the upload page, and what it sends."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.files import File
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ocrportal import recognition
from ocrportal.catalogue.spec import services
from ocrportal.engines import ENGINES
from ocrportal.jobs.access import jobs_of
from ocrportal.recognition.forms import SubmitForm, check_source
from ocrportal.recognition.submission import submit as submit_job
from ocrportal.web.requests import UserRequest

SAMPLE = Path(recognition.__file__).parent / "samples" / "office-notice.jpg"


@login_required
@require_GET
def submit(request: UserRequest) -> HttpResponse:
    return _page(request, SubmitForm())


@login_required
@require_POST
def create(request: UserRequest) -> HttpResponse:
    """Make a job of the form. The script on the page asks for JSON, a plain form gets pages."""
    form = SubmitForm(request.POST, request.FILES)
    as_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    if not form.is_valid():
        if as_json:
            return JsonResponse({"errors": form.errors}, status=422)
        return _page(request, form, status=422)
    job = submit_job(
        user=request.user,
        sources=form.cleaned_data["sources"],
        service=form.cleaned_data["service"],
        engine=form.cleaned_data["engine"],
        page_range=form.cleaned_data["pages"],
    )
    if as_json:
        return JsonResponse({"url": reverse("job", args=[job.pk])}, status=201)
    return redirect("job", job.pk)


@login_required
@require_POST
def sample(request: UserRequest) -> HttpResponse:
    """Make a job of the sample document, for a first try."""
    with SAMPLE.open("rb") as file:
        source = check_source(_("Sample notice") + SAMPLE.suffix, File(file))
        job = submit_job(
            user=request.user,
            sources=[source],
            service=next(iter(services())),
            engine=ENGINES[0],
        )
    return redirect("job", job.pk)


def _page(request: UserRequest, form: SubmitForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "is_first": not jobs_of(request.user).exists(),
        "max_file_mb": settings.MAX_FILE_MB,
        "max_files": settings.MAX_FILES_PER_JOB,
    }
    return render(request, "submit/submit.html", context, status=status)
