"""One page: its picture beside its text."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from ocrportal.exporters import FORMATS
from ocrportal.exporters.layout import lay_out
from ocrportal.jobs.access import job_for, page_for
from ocrportal.jobs.models import Job, Page
from ocrportal.web.page_view import DOUBTFUL_BELOW, picture_of, text_of
from ocrportal.web.requests import UserRequest


@login_required
@require_safe
def page(request: UserRequest, page_id: int) -> HttpResponse:
    """The screen; to its own polling while the page is unread, whether there is news."""
    page = page_for(request.user, page_id)
    if request.htmx:
        if request.GET.get("status") != page.status:
            return HttpResponseClientRefresh()
        return HttpResponse(status=204)
    before = _in_order(page.job).filter(
        Q(document__position__lt=page.document.position)
        | Q(document=page.document_id, number__lt=page.number)
    )
    after = _in_order(page.job).filter(
        Q(document__position__gt=page.document.position)
        | Q(document=page.document_id, number__gt=page.number)
    )
    context = {
        "page": page,
        "job": page.job,
        "formats": FORMATS.values(),
        "is_active": page.status in Page.ACTIVE,
        "position": before.count() + 1,
        "count": Page.objects.filter(job=page.job).count(),
        "previous": before.last(),
        "next": after.first(),
        "doubtful_percent": round(DOUBTFUL_BELOW * 100),
    }
    if page.image:
        context["picture"] = picture_of(page)
    if page.result is not None:
        layout = lay_out(page.result.page_result)
        context["paragraphs"] = text_of(page.result.page_result, layout)
        context["texts"] = {
            "joined": layout.text(join_lines=True),
            "kept": layout.text(join_lines=False),
        }
    return render(request, "page/page.html", context)


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
    return Page.objects.filter(job=job).only("pk").order_by("document__position", "number")
