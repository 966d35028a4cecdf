"""The user's jobs, newest first."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ocrportal.jobs.access import jobs_of
from ocrportal.jobs.models import Job
from ocrportal.jobs.search import find_jobs
from ocrportal.web.requests import UserRequest

JOBS_PER_PAGE = 25


class FilterForm(forms.Form):
    """Every field may stay empty; its names are those of jobs.search.find_jobs."""

    name = forms.CharField(label=_("File name"), required=False, max_length=255)
    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *Job.Status.choices]
    )
    since = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@login_required
@require_safe
def history(request: UserRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    form.is_valid()  # an invalid field shows its error and does not filter
    wanted = {name: value for name, value in form.cleaned_data.items() if value}
    jobs = find_jobs(jobs_of(request.user), **wanted)
    page = Paginator(jobs, JOBS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "is_filtered": bool(wanted),
        "page": page,
        "page_range": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
    }
    return render(request, "history/history.html", context)
