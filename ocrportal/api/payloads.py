"""Rows as the plain data that the API answers with."""

from __future__ import annotations

from typing import Any

from ocrportal.accounts.credentials import credentials_of
from ocrportal.accounts.models import Credential, User
from ocrportal.catalogue.spec import Option, Service, regions_of, services, services_in
from ocrportal.engines import ENGINES, engines_for, is_cloud_engine, options_of
from ocrportal.jobs.duplicates import earlier_copies
from ocrportal.jobs.models import Delivery, Document, Failable, Job, Noted, Page
from ocrportal.jobs.recognised import recognised_page
from ocrportal.layout.field_labels import label_of
from ocrportal.layout.page import lay_out_page
from ocrportal.layout.plain_text import page_text
from ocrportal.submission.waiting import count_calls, what_job_waits_for


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
    """A job with its documents and the state of their pages, and why it waits if it does.

    In four queries at most, but for an active job of a cloud engine.
    """
    pages: dict[int, list[dict[str, Any]]] = {}
    rows = (
        Page.objects.filter(job=job).select_related("result").defer("result__data", "result__raw")
    )
    for page in rows.order_by("number", "part"):
        pages.setdefault(page.document_id, []).append(_page_info(page))
    documents = list(Document.objects.filter(job=job))
    for document in documents:
        document.job = job
    copies = earlier_copies(documents)
    credential = job.credential
    return {
        **summary_of(job),
        "credential": credential and {"id": credential.pk, "name": credential.name},
        "options": job.options,
        "preprocessing": job.preprocessing,
        "bypass_cache": job.bypass_cache,
        **_cloud_state(job),
        "documents": [
            {
                "id": document.pk,
                "name": document.name,
                "status": document.status,
                "error": error_of(document),
                "archive": document.archive_id,
                "notes": notes_of(document),
                "same_as": _name_of(copies.get(document.pk)),
                "pages": pages.get(document.pk, []),
            }
            for document in documents
        ],
        "deliveries": [_delivery_info(row) for row in Delivery.objects.filter(job=job)],
    }


def _delivery_info(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.pk,
        "place": delivery.place,
        "formats": delivery.formats,
        "status": delivery.status,
        "written": delivery.written,
        "replaced": delivery.replaced,
        "error": error_of(delivery),
    }


def job_result(job: Job, *, with_raw: bool = False) -> dict[str, Any]:
    """The current result of each recognised page of a job.

    ``with_raw`` adds what a cloud engine itself answered.
    """
    pages = Page.objects.filter(job=job, result__isnull=False).select_related("result")
    ordered = pages.order_by("document__position", "number", "part")
    if not with_raw:
        ordered = ordered.defer("result__raw")
    return {
        "id": job.pk,
        "status": job.status,
        "pages": [_recognised(page, with_raw) for page in ordered.iterator(chunk_size=20)],
    }


def service_infos(user: User) -> list[dict[str, Any]]:
    """The services that this user can use, with their engines and options."""
    credentials = list(credentials_of(user))
    infos = []
    for service in services().values():
        usable = [row for row in credentials if service.key in services_in(row.region)]
        engines = [key for key in engines_for(service.key) if usable or not is_cloud_engine(key)]
        if engines:
            infos.append(_service_info(service, engines, usable))
    return infos


def engine_infos(user: User) -> list[dict[str, Any]]:
    """The engines that this user can use."""
    has_credential = credentials_of(user).exists()
    return [
        {
            "key": info.key,
            "name": str(info.label),
            "needs_credential": info.needs_credential,
        }
        for info in ENGINES.values()
        if has_credential or not info.needs_credential
    ]


def credential_info(credential: Credential, user: User) -> dict[str, Any]:
    """A credential as the users who may use it see it."""
    held = next(
        (suspension for suspension in credential.suspensions.all() if not suspension.service), None
    )
    return {
        "id": credential.pk,
        "name": credential.name,
        "kind": credential.kind,
        "region": credential.region,
        "shared": credential.owner_id != user.pk,
        "held": held and {"code": held.error_code, "message": held.message},
    }


def _page_info(page: Page) -> dict[str, Any]:
    return {
        "number": page.number,
        "part": page.part,
        "seconds": page.seconds,
        "blank": page.is_blank,
        "own_text": page.result is not None and page.result.is_own_text,
        "notes": notes_of(page),
        "doubts": _doubts_of(page),
        "status": page.status,
        "error": error_of(page),
    }


def _name_of(document: Document | None) -> dict[str, int] | None:
    return {"job": document.job_id, "document": document.pk} if document else None


def _cloud_state(job: Job) -> dict[str, Any]:
    """What keeps a job, and how many calls its open pages make; both null but for the cloud."""
    if not job.is_active or not is_cloud_engine(job.engine):
        return {"waiting": None, "calls": None}
    waiting, calls = what_job_waits_for(job), count_calls(job)
    return {
        "waiting": waiting and {"code": waiting.code, "message": waiting.message},
        "calls": {"needed": calls.needed, "answered": calls.answered, "final": calls.is_final},
    }


def _service_info(service: Service, engines: list[str], usable: list[Credential]) -> dict[str, Any]:
    limits = service.limits
    return {
        "key": service.key,
        "name": service.name,
        "hint": service.hint,
        "category": service.category,
        "engines": engines,
        "credentials": [{"id": row.pk, "name": row.name} for row in usable],
        "regions": [region.id for region in regions_of(service.key)],
        "takes_files": service.image_field is not None,
        "options": [_option_info(option) for option in options_of(service, *engines)],
        "limits": limits
        and {
            "formats": list(limits.formats),
            "min_side": limits.min_side,
            "max_side": limits.max_side,
            "max_pixels": limits.max_pixels,
        },
    }


def _option_info(option: Option) -> dict[str, Any]:
    set_by_portal = option.portal_default is not None
    return {
        "name": option.name,
        "label": option.label,
        "hint": option.hint,
        "type": option.type,
        "required": option.required,
        "default": option.portal_default if set_by_portal else option.default,
        "allowed": option.allowed and list(option.allowed),
    }


def _recognised(page: Page, with_raw: bool) -> dict[str, Any]:
    row = page.result
    assert row is not None  # the query asks for it
    laid_out = lay_out_page(recognised_page(page))
    result = laid_out.source.result
    service = services().get(row.service)
    return {
        "document": page.document_id,
        "number": page.number,
        "part": page.part,
        "width": result.width,
        "height": result.height,
        "rotation": result.rotation,
        "confidence": result.confidence,
        "reused": row.reused,
        "text": page_text(laid_out),
        "lines": result.lines,
        "tables": result.tables,
        "fields": [
            {
                "path": list(entry.path),
                "label": label_of(service, entry.path),
                "value": entry.value,
                "confidence": entry.confidence,
                "box": entry.box,
            }
            for entry in result.fields
        ],
        "blocks": result.blocks,
        "attachments": result.attachments,
        **({"raw": row.raw} if with_raw else {}),
    }


def notes_of(row: Noted) -> list[dict[str, str]]:
    """What users should know about it."""
    return [{"code": note.value, "message": note.message} for note in row.read_notes]


def _doubts_of(page: Page) -> list[dict[str, Any]] | None:
    if page.result is None or page.result.doubts is None:
        return None
    return [
        {
            "code": doubt.code,
            "message": doubt.message,
            "count": doubt.count,
            "total": doubt.total,
            "box": doubt.box,
        }
        for doubt in page.result.known_doubts
    ]


def error_of(row: Failable) -> dict[str, str] | None:
    """Why it failed; None if it did not."""
    if not row.error_code:
        return None
    return {"code": row.error_code, "message": row.error_message}
