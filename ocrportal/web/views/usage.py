"""What was asked of the cloud: figures, a chart, and why calls failed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ocrportal.accounts.models import User
from ocrportal.usage.caps import calls_this_month
from ocrportal.usage.ledger import calls_of
from ocrportal.usage.models import Call
from ocrportal.usage.periods import Period, last_days, last_month, this_month
from ocrportal.usage.spreadsheet import csv_lines
from ocrportal.usage.statistics import (
    Grouping,
    calls_in,
    failures,
    figures_by,
    outcomes_by_day,
    totals,
)
from ocrportal.web.requests import UserRequest
from ocrportal.web.views.usage_chart import chart_of

MAX_PERIOD = dt.timedelta(days=3 * 366)
DAY = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
SELECT = forms.Select(attrs={"class": "form-select"})


class FilterForm(forms.Form):
    """Which calls to show and how to sum them up; whatever is empty or wrong: as usual."""

    period = forms.ChoiceField(
        label=_("Period"),
        required=False,
        choices=[
            ("month", _("This month")),
            ("last-month", _("Last month")),
            ("30-days", _("The last 30 days")),
            ("custom", _("Custom")),
        ],
        widget=SELECT,
    )
    since = forms.DateField(label=_("From"), required=False, widget=DAY)
    until = forms.DateField(label=_("To"), required=False, widget=DAY)
    by = forms.ChoiceField(
        label=_("Group by"), required=False, choices=Grouping.choices, widget=SELECT
    )
    user = forms.ModelChoiceField(
        label=_("User"),
        required=False,
        queryset=User.objects.order_by("username"),
        empty_label=_("All users"),
        widget=SELECT,
    )

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        """``reader`` chooses among users only as an admin."""
        super().__init__(*args, **kwargs)
        if not reader.is_staff:
            del self.fields["user"]
            by = self.fields["by"]
            assert isinstance(by, forms.ChoiceField)  # as declared above
            by.choices = [choice for choice in Grouping.choices if choice[0] != Grouping.USER]

    def clean(self) -> None:
        if self.cleaned_data.get("period") != "custom" or self.errors:
            return
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        if not since or not until:
            self.add_error(
                "since" if not since else "until", _("Choose a start date and an end date.")
            )
        elif since > until:
            self.add_error("until", _("The end date must not be before the start date."))
        elif until - since > MAX_PERIOD:
            self.add_error("until", _("Choose a period of at most three years."))

    @property
    def chosen_period(self) -> Period:
        """The chosen period; this month if none is chosen or the choice is invalid."""
        match self.cleaned_data.get("period"):
            case "last-month":
                return last_month()
            case "30-days":
                return last_days(30)
            case "custom" if not self.errors:
                return Period(self.cleaned_data["since"], self.cleaned_data["until"])
            case _:
                return this_month()

    @property
    def chosen_grouping(self) -> Grouping:
        return Grouping(self.cleaned_data.get("by") or Grouping.SERVICE)

    @property
    def chosen_user(self) -> User | None:
        """The user to whose calls an administrator limits the screen."""
        user: User | None = self.cleaned_data.get("user")
        return user


@login_required
@require_safe
def usage(request: UserRequest) -> HttpResponse:
    form = FilterForm(request.GET, reader=request.user)
    calls = _chosen_calls(request.user, form)
    person = form.chosen_user or request.user
    context = {
        "form": form,
        "period": form.chosen_period,
        "grouping": form.chosen_grouping,
        "totals": totals(calls),
        "chart": chart_of(form.chosen_period, outcomes_by_day(calls)),
        "rows": figures_by(calls, form.chosen_grouping),
        "failures": failures(calls),
        "person": person,
        "billed_this_month": calls_this_month(person),
    }
    return render(request, "usage/usage.html", context)


@login_required
@require_safe
def calls_csv(request: UserRequest) -> StreamingHttpResponse:
    """All calls of the figures."""
    form = FilterForm(request.GET, reader=request.user)
    lines = csv_lines(_chosen_calls(request.user, form).order_by("at", "pk"))
    period = form.chosen_period
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="usage_{period.first}_{period.last}.csv"',
            "Cache-Control": "no-store",
        },
    )


def _chosen_calls(reader: User, form: FilterForm) -> QuerySet[Call]:
    form.is_valid()  # an invalid field shows its error and does not filter
    calls = calls_in(calls_of(reader), form.chosen_period)
    return calls if form.chosen_user is None else calls.filter(user=form.chosen_user)
