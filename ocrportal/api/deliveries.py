"""Deliveries: the results of a job written to a bucket."""

from __future__ import annotations

from typing import Any

from ninja import Router, Status

from ocrportal.api import problems, schemas
from ocrportal.api.access import REFUSALS, TokenRequest
from ocrportal.api.payloads import job_info
from ocrportal.exporters.formats import FORMATS
from ocrportal.jobs.access import job_for
from ocrportal.submission.deliver import deliver_job
from ocrportal.submission.delivery_form import DeliveryForm

router = Router()

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


@router.post(
    "/jobs/{int:job_id}/deliver",
    response={201: schemas.JobInfo, **REFUSALS},
    openapi_extra=DELIVER_BODY,
)
def deliver(request: TokenRequest, job_id: int) -> Status[dict[str, Any]]:
    """Write the results of a finished job to a bucket; the job shows the progress."""
    job = job_for(request.auth, job_id)
    form = DeliveryForm(request.POST, user=request.auth)
    if not form.is_valid():
        raise problems.FormInvalid(form)
    deliver_job(user=request.auth, job_id=job_id, **form.chosen)
    return Status(201, job_info(job))
