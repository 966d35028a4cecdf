"""Writing the results of a job into a bucket, and how far that is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ocrportal.accounts.credentials import storage_credentials_of
from ocrportal.engines import is_cloud_engine
from ocrportal.exporters.formats import offered_formats
from ocrportal.exporters.name_pattern import DEFAULT_NAME_PATTERN
from ocrportal.jobs.access import job_for
from ocrportal.jobs.exporting import exportable_documents
from ocrportal.jobs.models import Delivery
from ocrportal.submission.deliver import deliver_job
from ocrportal.submission.delivery_form import DeliveryForm
from ocrportal.web.errors_as_messages import errors_as_messages
from ocrportal.web.requests import UserRequest
from ocrportal.web.views.job.panels import deliveries_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@errors_as_messages
def deliver(request: UserRequest, job_id: int) -> HttpResponse:
    """GET asks for bucket and formats, with the last choice as default; POST starts it."""
    job = job_for(request.user, job_id)
    form = DeliveryForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        initial=_last(Delivery.objects.filter(job__owner=request.user).last(), job_id),
    )
    if form.is_valid():
        deliver_job(user=request.user, job_id=job_id, **form.chosen)
        return redirect("job", job_id)
    has_video = any(document.is_video for document in exportable_documents(job))
    context = {
        "job": job,
        "form": form,
        "credentials": storage_credentials_of(request.user),
        "formats": offered_formats(for_video=has_video, with_answers=is_cloud_engine(job.engine)),
    }
    return render(request, "job/deliver.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def deliveries(request: UserRequest, job_id: int) -> HttpResponse:
    """The panel of the job page with its deliveries."""
    job = job_for(request.user, job_id)
    return render(request, "job/parts/deliveries.html", {"job": job, **deliveries_of(job)})


def _last(delivery: Delivery | None, job_id: int) -> dict[str, Any]:
    """Initial values: the last choice, with a folder for the job."""
    prefix = f"job-{job_id}"
    if delivery is None:
        return {"prefix": prefix, "formats": ["docx"], "names": DEFAULT_NAME_PATTERN}
    return {
        "credential": str(delivery.credential_id or ""),
        "bucket": delivery.bucket,
        "prefix": delivery.prefix if delivery.job_id == job_id else prefix,
        "formats": delivery.formats,
        "names": delivery.names,
    }
