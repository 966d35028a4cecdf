"""Exports: files written from results and stored for a limited time."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import FileResponse
from ninja import Router, Schema, Status
from pydantic import WithJsonSchema

from ocrportal.api.access import REFUSALS, TokenRequest
from ocrportal.api.payloads import error_of
from ocrportal.api.schemas import ErrorInfo
from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.options import declared_options, read_options
from ocrportal.jobs.access import export_for, job_for
from ocrportal.jobs.exporting import export_archive, export_job
from ocrportal.jobs.losses import losses_of, pages_with_structure
from ocrportal.jobs.models import Page
from ocrportal.jobs.models.export import ALL_FORMATS, Export
from ocrportal.jobs.retention import delete_export
from ocrportal.workers.export_requests import order_export

router = Router()


class PagesWritten(Schema):
    """A page counts once for each format."""

    done: int
    total: int


class Check(Schema):
    """The result of reading the file back."""

    text: float
    on_ink: float | None
    fonts: bool
    problems: list[str]
    looked_at: int
    pages: int
    is_signed: bool = False


class LossPage(Schema):
    document: int
    number: int
    part: int


class LossInfo(Schema):
    """What the file does not hold, and the pages that have it."""

    code: str
    message: str
    pages: list[LossPage]


class ExportInfo(Schema):
    id: int
    job: int
    document: int | None
    format: str
    options: dict[str, str]
    status: str
    progress: PagesWritten
    name: str
    size: int
    check: Check | None
    losses: list[LossInfo]
    error: ErrorInfo | None
    created_at: dt.datetime
    kept_until: dt.datetime | None


FORMAT_SCHEMA = {"type": "string", "enum": [*FORMATS, ALL_FORMATS]}
FormatKey = Annotated[str, WithJsonSchema(FORMAT_SCHEMA)]
"""Only the description lists the formats: an unknown one raises UnknownFormat."""

OPTION_PARAMETERS = {
    "parameters": [
        {
            "in": "query",
            "name": option.key,
            "description": option.summary,
            "schema": {
                "type": "string",
                **({"enum": list(option.choices)} if option.choices else {}),
                **({"default": next(iter(option.choices))} if option.choices else {}),
            },
        }
        for option in declared_options()
    ]
}
"""The export options as the parameters of an address."""

ORDER_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["format"],
                    "properties": {
                        "format": FORMAT_SCHEMA,
                        "document": {
                            "type": "integer",
                            "description": "id; without it, the whole job is exported",
                        },
                    },
                    "additionalProperties": {
                        "type": "string",
                        "description": "the options of GET /jobs/{id}/export",
                    },
                }
            }
        },
    }
}


@router.get(
    "/jobs/{int:job_id}/export",
    response={200: bytes, **REFUSALS},
    openapi_extra=OPTION_PARAMETERS,
)
def export_now(
    request: TokenRequest,
    job_id: int,
    format: FormatKey,  # noqa: A002  # the name scripts use
) -> FileResponse:
    """A file in one of the formats, or ``zip`` for all that suit."""
    job = job_for(request.auth, job_id)
    options = read_options(request.GET.dict())
    export = (
        export_archive(job, options) if format == ALL_FORMATS else export_job(job, format, options)
    )
    return FileResponse(
        export.file, as_attachment=True, filename=export.name, content_type=export.media_type
    )


@router.post(
    "/jobs/{int:job_id}/exports",
    response={201: ExportInfo, **REFUSALS},
    openapi_extra=ORDER_BODY,
)
def create_export(request: TokenRequest, job_id: int) -> Status[dict[str, Any]]:
    """Write a file; returns the existing one if nothing has changed since."""
    document = request.POST.get("document", "")
    export = order_export(
        user=request.auth,
        job_id=job_id,
        key=request.POST.get("format", ""),
        document_id=_number(document) if document else None,
        options=read_options(request.POST.dict()),
    )
    return Status(201, export_info(export))


@router.get("/jobs/{int:job_id}/exports", response={200: list[ExportInfo], **REFUSALS})
def list_exports(request: TokenRequest, job_id: int) -> list[dict[str, Any]]:
    """The exports of a job, newest first."""
    job = job_for(request.auth, job_id)
    pages = pages_with_structure(job)
    return [export_info(row, pages) for row in Export.objects.filter(job=job)]


@router.get("/exports/{int:export_id}", response={200: ExportInfo, **REFUSALS})
def get_export(request: TokenRequest, export_id: int) -> dict[str, Any]:
    """The progress of an export, and the result of its file check."""
    return export_info(export_for(request.auth, export_id))


@router.get("/exports/{int:export_id}/file", response={200: bytes, **REFUSALS})
def get_export_file(request: TokenRequest, export_id: int) -> FileResponse:
    """The file, once its status is ``done``."""
    export = export_for(request.auth, export_id)
    return FileResponse(
        export.opened(),
        as_attachment=True,
        filename=export.name,
        content_type=export.media_type,
    )


@router.delete("/exports/{int:export_id}", response={200: ExportInfo, **REFUSALS})
def remove_export(request: TokenRequest, export_id: int) -> dict[str, Any]:
    """Delete an export, or cancel it; returns the deleted export."""
    info = export_info(export_for(request.auth, export_id))
    delete_export(user=request.auth, export_id=export_id)
    return info


def export_info(export: Export, pages: list[Page] | None = None) -> dict[str, Any]:
    """An export as the calls above return it.

    ``pages`` are those of its job that have more than text, if they are known already.
    """
    if pages is None:
        pages = pages_with_structure(export.job)
    return {
        "id": export.pk,
        "job": export.job_id,
        "document": export.document_id,
        "format": export.format,
        "options": export.options,
        "status": export.status,
        "progress": {"done": export.pages_written, "total": export.pages_total},
        "name": export.name,
        "size": export.size,
        "check": export.score,
        "losses": [
            {
                "code": loss.structure,
                "message": loss.message,
                "pages": [
                    {"document": page.document_id, "number": page.number, "part": page.part}
                    for page in loss.pages
                ],
            }
            for loss in losses_of(export, pages)
        ],
        "error": error_of(export),
        "created_at": export.created_at,
        "kept_until": export.kept_until,
    }


def _number(document: str) -> int:
    """The id; 0, which no document has, if the text is not one."""
    return int(document) if document.isdecimal() and len(document) < 19 else 0
