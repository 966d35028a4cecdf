"""Submitting files: the upload page and its requests."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files import File
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from ocrportal import submission
from ocrportal.accounts.credentials import storage_credentials_of
from ocrportal.catalogue.spec import services
from ocrportal.engines import DEFAULT_ENGINE, is_cloud_engine
from ocrportal.ingest.base import Preprocessing
from ocrportal.jobs.access import jobs_of
from ocrportal.submission.sources import Source, check_source
from ocrportal.submission.submit import submit as submit_job
from ocrportal.submission.submit_form import SubmitForm
from ocrportal.web.requests import UserRequest
from ocrportal.web.views.submit_context import CHOICES, FROM_BUCKET, Choices, choices_for

SAMPLE = Path(submission.__file__).parent / "samples" / "office-notice.jpg"
ONE_PAGE = ("jpeg", "png", "bmp")
"""Formats with exactly one page, and so one call; the page count of other formats is unknown."""
ACCEPT = (
    "image/*,video/*,.heic,.heif,.avif,.jp2,.j2k,.tif,.tiff,.pdf,.ofd,.zip,"
    ".doc,.docx,.xls,.xlsx,.ppt,.pptx,.odt,.ods,.odp,.mkv"
)
"""File types that the browser's file dialog offers first; users can choose any type."""
LAST = "last_choices"
"""Session key of the choices for the last job."""


@login_required
@require_GET
def submit(request: UserRequest) -> HttpResponse:
    chosen = choices_for(request.user, request.session.get(LAST, {}))
    initial = request.session.pop(FROM_BUCKET, {})
    return _page(request, SubmitForm(user=request.user, initial=initial), chosen)


@login_required
@require_POST
@sensitive_post_parameters("password")
def choices(request: UserRequest) -> HttpResponse:
    """The choices after the engine, credential or service has changed.

    A POST, because it includes all entered values, which must not be logged. htmx gets the
    part of the page, a plain form the whole page.
    """
    chosen = choices_for(request.user, request.POST)
    if not request.htmx:
        form = SubmitForm(user=request.user, initial=request.POST.dict())
        return _page(request, form, chosen)
    return render(request, "submit/parts/choices.html", {"choices": chosen})


@login_required
@require_POST
@sensitive_post_parameters("password")
def create(request: UserRequest) -> HttpResponse:
    """Create a job from the form. The script of the page requests JSON, a plain form HTML."""
    form = SubmitForm(request.POST, request.FILES, user=request.user)
    as_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    if not form.is_valid():
        if as_json:
            return JsonResponse({"errors": _errors(form)}, status=422)
        chosen = choices_for(request.user, request.POST, entered=request.POST)
        return _page(request, form, chosen, status=422)
    job = submit_job(user=request.user, approved=_starts_at_once(form), **form.chosen)
    for note in form.notes:
        messages.info(request, note)
    request.session[LAST] = {name: request.POST.get(name, "") for name in CHOICES}
    if as_json:
        return JsonResponse({"url": reverse("job", args=[job.pk])}, status=201)
    return redirect("job", job.pk)


@login_required
@require_POST
def sample(request: UserRequest) -> HttpResponse:
    """Create a job from the sample document."""
    with SAMPLE.open("rb") as file:
        source = check_source(_("Sample notice") + SAMPLE.suffix, File(file))
        job = submit_job(
            user=request.user,
            sources=[source],
            service=next(iter(services())),
            engine=DEFAULT_ENGINE,
        )
    return redirect("job", job.pk)


def _starts_at_once(form: SubmitForm) -> bool:
    """True if the job is free or makes one call; other jobs wait for approval of their calls."""
    sources: list[Source] = form.cleaned_data["sources"]
    if not is_cloud_engine(form.cleaned_data["engine"]):
        return True
    kind = sources[0].format
    is_cut = form.cleaned_data["preprocessing"].get("split", Preprocessing().split)
    return len(sources) == 1 and kind is not None and kind.key in ONE_PAGE and not is_cut


def _errors(form: SubmitForm) -> dict[str, list[str]]:
    """All errors by field; errors of options by the names of their inputs."""
    errors = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    if form.option_errors:
        del errors["options"]
        errors |= {f"option-{name}": texts for name, texts in form.option_errors.items()}
    return errors


def _page(
    request: UserRequest, form: SubmitForm, choices: Choices, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "choices": choices,
        "storage_credentials": storage_credentials_of(request.user),
        "is_first": not jobs_of(request.user).exists(),
        "accept": ACCEPT,
        "max_file_mb": settings.MAX_FILE_MB,
        "max_files": settings.MAX_FILES_PER_JOB,
        "max_pages": settings.MAX_PAGES_PER_FILE,
        "max_megapixels": settings.MAX_MEGAPIXELS,
        "max_video_minutes": settings.MAX_VIDEO_MINUTES,
        "max_archive_files": settings.MAX_ARCHIVE_FILES,
        "max_archive_mb": settings.MAX_ARCHIVE_MB,
        "max_archive_ratio": settings.MAX_ARCHIVE_RATIO,
        "max_archive_depth": settings.MAX_ARCHIVE_DEPTH,
    }
    return render(request, "submit/submit.html", context, status=status)
