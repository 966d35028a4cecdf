"""Rows as the plain data that the API answers with."""

from __future__ import annotations

from typing import Any

from ocrportal.accounts.models import Credential, User
from ocrportal.exporters.layout import lay_out
from ocrportal.jobs.models import Document, Failable, Job, Page


def summary_of(job: Job) -> dict[str, Any]:
    """A job without its documents."""
    return {
        "id": job.pk,
        "name": job.name,
        "service": job.service,
        "engine": job.engine,
        "status": job.status,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "progress": {"done": job.pages_done, "failed": job.pages_failed, "total": job.pages_total},
    }


def job_info(job: Job) -> dict[str, Any]:
    """A job with its documents and the state of their pages, in three queries at most."""
    pages: dict[int, list[dict[str, Any]]] = {}
    for page in Page.objects.filter(job=job).order_by("number"):
        entry = {"number": page.number, "status": page.status, "error": _error_of(page)}
        pages.setdefault(page.document_id, []).append(entry)
    documents = [
        {
            "id": document.pk,
            "name": document.name,
            "status": document.status,
            "error": _error_of(document),
            "pages": pages.get(document.pk, []),
        }
        for document in Document.objects.filter(job=job)
    ]
    return {**summary_of(job), "documents": documents}


def job_result(job: Job) -> dict[str, Any]:
    """The current result of each recognised page of a job."""
    pages = Page.objects.filter(job=job, result__isnull=False).select_related("result")
    ordered = pages.order_by("document__position", "number")
    return {
        "id": job.pk,
        "status": job.status,
        "pages": [_recognised(page) for page in ordered.iterator(chunk_size=20)],
    }


def credential_info(credential: Credential, user: User) -> dict[str, Any]:
    """A credential as everybody who may use it sees it."""
    held = next((hold for hold in credential.holds.all() if not hold.service), None)
    return {
        "id": credential.pk,
        "name": credential.name,
        "kind": credential.kind,
        "region": credential.region,
        "shared": credential.owner_id != user.pk,
        "held": held and {"code": held.error_code, "message": held.message},
    }


def _recognised(page: Page) -> dict[str, Any]:
    assert page.result is not None  # the query asks for it
    result = page.result.page_result
    return {
        "document": page.document_id,
        "number": page.number,
        "width": result.width,
        "height": result.height,
        "rotation": result.rotation,
        "confidence": result.confidence,
        "text": lay_out(result).text(join_lines=True),
        "lines": [
            {
                "text": line.text,
                "box": [number for point in line.box for number in point],
                "confidence": line.confidence,
            }
            for line in result.lines
        ],
    }


def _error_of(row: Failable) -> dict[str, str] | None:
    if not row.error_code:
        return None
    return {"code": row.error_code, "message": row.error_message}
