"""All calls of ``/api/v1``."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse
from ninja import NinjaAPI, Status

from ocrportal.accounts.credentials import credentials_of
from ocrportal.api import exports, problems, schemas
from ocrportal.api.access import REFUSALS, ApiTokenAuth, TokenRequest
from ocrportal.api.payloads import (
    credential_info,
    engine_infos,
    job_info,
    job_result,
    service_infos,
    summary_of,
)
from ocrportal.engines import DEFAULT_ENGINE
from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.options import read_options
from ocrportal.jobs.access import document_for, job_for, jobs_of
from ocrportal.jobs.exporting import export_archive, export_job
from ocrportal.jobs.retention import delete_job
from ocrportal.jobs.search import find_jobs
from ocrportal.submission.cancel import cancel_job
from ocrportal.submission.deliver import deliver_job
from ocrportal.submission.delivery_form import DeliveryForm
from ocrportal.submission.preprocessing_form import STEPS
from ocrportal.submission.retry import retry_job
from ocrportal.submission.submit import submit
from ocrportal.submission.submit_form import SubmitForm
from ocrportal.submission.supply_password import PasswordForm, supply_password

PER_PAGE = 50


api = NinjaAPI(
    title="OCR Portal",
    version="1",
    description="Hand in scans, watch them being read, fetch text, Word and searchable PDF.",
    auth=ApiTokenAuth(),
)
problems.install(api)
api.add_router("", exports.router)

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
                            "description": "a JSON object; GET /services tells what it may hold",
                            "example": '{"side": "front"}',
                        },
                        "preprocessing": {
                            "type": "string",
                            "description": "a JSON object of true and false; "
                            f"what may be chosen: {', '.join(STEPS)}",
                            "example": '{"split": true, "text_layer": false}',
                        },
                        "password": {
                            "type": "string",
                            "format": "password",
                            "description": "opens the protected ones among the files",
                        },
                        "names": {
                            "type": "string",
                            "description": "a JSON list with a name for each file, where it is "
                            "to be called otherwise: with the folders it lies in, say",
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


DELIVER_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["credential", "bucket", "formats"],
                    "properties": {
                        "credential": {"type": "string", "description": "id or name"},
                        "bucket": {"type": "string"},
                        "prefix": {"type": "string", "example": "results/2026"},
                        "formats": {
                            "type": "array",
                            "items": {"type": "string", "enum": list(FORMATS)},
                        },
                        "names": {"type": "string", "example": "{job} {number} {name}"},
                    },
                }
            }
        },
    }
}


@api.post("/jobs", response={201: schemas.SubmittedJob, **REFUSALS}, openapi_extra=SUBMIT_BODY)
def create_job(request: TokenRequest) -> Status[dict[str, Any]]:
    """Hand in files and addresses of files as one job; it starts at once."""
    form = SubmitForm(request.POST, request.FILES, user=request.auth)
    if not form.is_valid():
        raise problems.FormInvalid(form)
    job = submit(user=request.auth, **form.chosen)
    return Status(201, {**job_info(job), "notes": form.notes})


@api.get("/jobs", response={200: schemas.JobList, **REFUSALS})
def list_jobs(
    request: TokenRequest, status: str = "", q: str = "", page: int = 1
) -> dict[str, Any]:
    """One's own jobs, newest first; ``q`` is part of a file's name."""
    found = Paginator(find_jobs(jobs_of(request.auth), name=q, status=status), PER_PAGE)
    shown = found.get_page(page)
    return {
        "count": found.count,
        "page": shown.number,
        "pages": found.num_pages,
        "items": [summary_of(job) for job in shown],
    }


@api.get("/jobs/{int:job_id}", response={200: schemas.JobInfo, **REFUSALS})
def get_job(request: TokenRequest, job_id: int) -> dict[str, Any]:
    """How far a job is."""
    return job_info(job_for(request.auth, job_id))


@api.get(
    "/jobs/{int:job_id}/result",
    response={200: schemas.JobResult, **REFUSALS},
    exclude_unset=True,
)
def get_result(request: TokenRequest, job_id: int, raw: bool = False) -> dict[str, Any]:
    """What was read so far, page by page; with ``raw`` also the cloud's own answers."""
    return job_result(job_for(request.auth, job_id), with_raw=raw)


@api.get(
    "/jobs/{int:job_id}/export",
    response={200: bytes, **REFUSALS},
    openapi_extra=exports.OPTION_PARAMETERS,
)
def get_export(
    request: TokenRequest,
    job_id: int,
    format: str,  # noqa: A002  # the name scripts use
) -> FileResponse:
    """A file in one of the formats, or ``zip`` for all that suit."""
    job = job_for(request.auth, job_id)
    options = read_options(request.GET.dict())
    export = export_archive(job, options) if format == "zip" else export_job(job, format, options)
    return FileResponse(
        export.file, as_attachment=True, filename=export.name, content_type=export.media_type
    )


@api.post("/jobs/{int:job_id}/cancel", response={200: schemas.JobInfo, **REFUSALS})
def cancel(request: TokenRequest, job_id: int) -> dict[str, Any]:
    """End a job now; pages that are done stay."""
    return job_info(cancel_job(user=request.auth, job_id=job_id))


@api.post(
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


@api.post("/jobs/{int:job_id}/retry", response={200: schemas.JobInfo, **REFUSALS})
def retry(request: TokenRequest, job_id: int) -> dict[str, Any]:
    """Do again what failed or was cancelled."""
    return job_info(retry_job(user=request.auth, job_id=job_id))


@api.post(
    "/jobs/{int:job_id}/deliver",
    response={201: schemas.JobInfo, **REFUSALS},
    openapi_extra=DELIVER_BODY,
)
def deliver(request: TokenRequest, job_id: int) -> Status[dict[str, Any]]:
    """Write the results of an ended job into a bucket; the job tells how far that is."""
    job = job_for(request.auth, job_id)
    form = DeliveryForm(request.POST, user=request.auth)
    if not form.is_valid():
        raise problems.FormInvalid(form)
    deliver_job(user=request.auth, job_id=job_id, **form.chosen)
    return Status(201, job_info(job))


@api.delete("/jobs/{int:job_id}", response={200: schemas.JobInfo, **REFUSALS})
def delete(request: TokenRequest, job_id: int) -> dict[str, Any]:
    """Delete a job and all its files; answers what it was."""
    info = job_info(job_for(request.auth, job_id))
    delete_job(user=request.auth, job_id=job_id)
    return info


@api.get("/services", response={200: list[schemas.ServiceInfo], **REFUSALS})
def list_services(request: TokenRequest) -> list[dict[str, Any]]:
    """What one can ask of whom, with one's credentials."""
    return service_infos(request.auth)


@api.get("/engines", response={200: list[schemas.EngineInfo], **REFUSALS})
def list_engines(request: TokenRequest) -> list[dict[str, Any]]:
    """Whom one can ask."""
    return engine_infos(request.auth)


@api.get("/credentials", response={200: list[schemas.CredentialInfo], **REFUSALS})
def list_credentials(request: TokenRequest) -> list[dict[str, Any]]:
    """The credentials one may use, one's own and shared ones; never their secrets."""
    return [credential_info(row, request.auth) for row in credentials_of(request.auth)]
