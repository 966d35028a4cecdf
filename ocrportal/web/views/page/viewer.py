"""One page: its picture beside its text."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from ocrportal.catalogue.spec import regions
from ocrportal.engines import engine_label, is_cloud_engine
from ocrportal.jobs.access import job_for, page_for
from ocrportal.jobs.doubts import DOUBTFUL_BELOW
from ocrportal.jobs.exporting import suiting_formats
from ocrportal.jobs.models import Job, Page, Result
from ocrportal.jobs.recognised import recognised_page
from ocrportal.layout.page import lay_out_page
from ocrportal.layout.source import RecognisedPage
from ocrportal.web.requests import UserRequest
from ocrportal.web.views.page.blocks import block_outlines
from ocrportal.web.views.page.context import picture_of
from ocrportal.web.views.page.parts import TextView, parts_of


@login_required
@require_safe
def page(request: UserRequest, page_id: int) -> HttpResponse:
    """The screen. For its polling, while a page is not recognised, whether the state changed."""
    page = page_for(request.user, page_id)
    if request.htmx:
        if request.GET.get("status") != page.status:
            return HttpResponseClientRefresh()
        return HttpResponse(status=204)
    before = _in_order(page.job).filter(
        Q(document__position__lt=page.document.position)
        | Q(document=page.document_id, number__lt=page.number)
        | Q(document=page.document_id, number=page.number, part__lt=page.part)
    )
    after = _in_order(page.job).filter(
        Q(document__position__gt=page.document.position)
        | Q(document=page.document_id, number__gt=page.number)
        | Q(document=page.document_id, number=page.number, part__gt=page.part)
    )
    context = {
        "page": page,
        "job": page.job,
        "formats": suiting_formats(page.document),
        "is_active": page.status in Page.ACTIVE,
        "position": before.count() + 1,
        "count": Page.objects.filter(job=page.job).count(),
        "previous": before.last(),
        "next": after.first(),
        "doubtful_percent": round(DOUBTFUL_BELOW * 100),
    }
    recognised = recognised_page(page) if page.result is not None else None
    if page.image:
        context["picture"] = picture_of(page, recognised.result if recognised else None)
    if page.result is not None and recognised is not None:
        context |= _read(recognised, page.result)
    return render(request, "page/page.html", context)


def _read(page: RecognisedPage, row: Result) -> dict[str, Any]:
    """The result of a page and how it was obtained."""
    laid_out = lay_out_page(page)
    result = page.result
    parts = parts_of(laid_out)
    return {
        "views": parts.views,
        "texts": parts.texts,
        "block_outlines": block_outlines(laid_out),
        # A page without text shows that in place of the text.
        "doubts": [doubt for doubt in row.known_doubts if doubt.code != "no-text"],
        "attachments": result.attachments,
        "has_text": any(isinstance(view, TextView) and view.lines for view in parts.views),
        "shows_confidence": result.confidence is not None and not row.is_own_text,
        "is_cloud": is_cloud_engine(row.engine),
        "engine_name": engine_label(row.engine),
        "region": regions().get(result.details.get("region", "")),
        "seconds": result.seconds,
    }


@login_required
@require_safe
def nth_page(request: UserRequest, job_id: int) -> HttpResponse:
    """Go to the job's page number ``?n=``, counted from 1 over all documents."""
    job = job_for(request.user, job_id)
    try:
        number = int(request.GET.get("n", ""))
    except ValueError:
        return redirect("job", job_id)
    count = Page.objects.filter(job=job).count()
    if not count:
        return redirect("job", job_id)
    place = min(max(number, 1), count) - 1
    return redirect("page", _in_order(job)[place].pk)


def _in_order(job: Job) -> QuerySet[Page]:
    in_order = ("document__position", "number", "part")
    return Page.objects.filter(job=job).only("pk").order_by(*in_order)
