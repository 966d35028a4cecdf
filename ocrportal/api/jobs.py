"""Jobs: submitting them, their state and result, and what can be done with them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from ninja import Router, Status

from ocrportal.api import problems, schemas
from ocrportal.api.access import REFUSALS, TokenRequest
from ocrportal.api.payloads import job_info, job_result, summary_of
from ocrportal.engines import DEFAULT_ENGINE
from ocrportal.jobs.access import document_for, job_for, jobs_of
from ocrportal.jobs.retention import delete_job
from ocrportal.jobs.search import find_jobs
from ocrportal.submission.cancel import cancel_job
from ocrportal.submission.preprocessing_form import STEPS
from ocrportal.submission.retry import retry_job
from ocrportal.submission.submit import submit
from ocrportal.submission.submit_form import SubmitForm
from ocrportal.submission.supply_password import PasswordForm, supply_password

PER_PAGE = 50

router = Router()

SUBMIT_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "urls": {"type": "array", "items": {"type": "string", "format": "uri"}},
                        "service": {"type": "string", "default": "general-text"},
                        "engine": {"type": "string", "default": DEFAULT_ENGINE},
                        "credential": {"type": "string", "description": "id or name"},
                        "storage_credential": {
                            "type": "string",
                            "description": "id or name; reads obs:// and s3:// addresses",
                        },
                        "options": {
                            "type": "string",
                            "description": "a JSON object; GET /services lists its keys",
                            "example": '{"side": "front"}',
                        },
                        "preprocessing": {
                            "type": "string",
                            "description": "a JSON object of true and false; "
                            f"its keys: {', '.join(STEPS)}",
                            "example": '{"split": true, "text_layer": false}',
                        },
                        "password": {
                            "type": "string",
                            "format": "password",
                            "description": "opens password-protected files",
                        },
                        "names": {
                            "type": "string",
                            "description": "a JSON list with a name for each file, such as "
                            "its path including folders",
                            "example": '["2026/letters/1.png"]',
                        },
                        "bypass_cache": {"type": "boolean", "default": False},
                        "pages": {"type": "string", "example": "1-3,7"},
                    },
                }
            }
        },
    }
}


@router.post("/jobs", response={201: schemas.SubmittedJob, **REFUSALS}, openapi_extra=SUBMIT_BODY)
def create_job(request: TokenRequest) -> Status[dict[str, Any]]:
    """Submit files and addresses of files as one job, which starts at once."""
    form = SubmitForm(request.POST, request.FILES, user=request.auth)
    if not form.is_valid():
        raise problems.FormInvalid(form)
    job = submit(user=request.auth, **form.chosen)
    return Status(201, {**job_info(job), "notes": form.notes})


@router.get("/jobs", response={200: schemas.JobList, **REFUSALS})
def list_jobs(
    request: TokenRequest, status: str = "", q: str = "", page: int = 1
) -> dict[str, Any]:
    """The user's jobs, newest first; ``q`` is part of a file name."""
    found = Paginator(find_jobs(jobs_of(request.auth), name=q, status=status), PER_PAGE)
    shown = found.get_page(page)
    return {
        "count": found.count,
        "page": shown.number,
        "pages": found.num_pages,
        "items": [summary_of(job) for job in shown],
    }


@router.get("/jobs/{int:job_id}", response={200: schemas.JobInfo, **REFUSALS})
def get_job(request: TokenRequest, job_id: int) -> dict[str, Any]:
    """The state and progress of a job."""
    return job_info(job_for(request.auth, job_id))


@router.get(
    "/jobs/{int:job_id}/result",
    response={200: schemas.JobResult, **REFUSALS},
    exclude_unset=True,
)
def get_result(request: TokenRequest, job_id: int, raw: bool = False) -> dict[str, Any]:
    """The results so far, page by page; with ``raw`` also the raw responses of the cloud."""
    return job_result(job_for(request.auth, job_id), with_raw=raw)


@router.post("/jobs/{int:job_id}/cancel", response={200: schemas.JobInfo, **REFUSALS})
def cancel(request: TokenRequest, job_id: int) -> dict[str, Any]:
    """Cancel a job; pages that are done are kept."""
    return job_info(cancel_job(user=request.auth, job_id=job_id))


@router.post(
    "/jobs/{int:job_id}/documents/{int:document_id}/password",
    response={200: schemas.JobInfo, **REFUSALS},
)
def give_password(
    request: TokenRequest, job_id: int, document_id: int, body: schemas.Password
) -> dict[str, Any]:
    """Try a document again that failed with ``password-needed`` or ``password-wrong``."""
    document = document_for(request.auth, document_id, job_id)
    form = PasswordForm(body.dict())
    if not form.is_valid():
        raise problems.FormInvalid(form)
    password = form.cleaned_data["password"]
    supply_password(user=request.auth, document_id=document.pk, password=password)
    return job_info(job_for(request.auth, job_id))


@router.post("/jobs/{int:job_id}/retry", response={200: schemas.JobInfo, **REFUSALS})
def retry(request: TokenRequest, job_id: int) -> dict[str, Any]:
    """Process failed and cancelled documents and pages again."""
    return job_info(retry_job(user=request.auth, job_id=job_id))


@router.delete("/jobs/{int:job_id}", response={200: schemas.JobInfo, **REFUSALS})
def delete(request: TokenRequest, job_id: int) -> dict[str, Any]:
    """Delete a job and all its files; returns the deleted job."""
    info = job_info(job_for(request.auth, job_id))
    delete_job(user=request.auth, job_id=job_id)
    return info
