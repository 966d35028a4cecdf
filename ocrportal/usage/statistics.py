"""Figures about calls: successes, which the cloud bills, and failures, which it does not list.

Each function takes a queryset of calls and makes a fixed number of queries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import mean
from typing import Any

from django.db import models
from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ocrportal.catalogue.spec import find_error, services
from ocrportal.errors import restore
from ocrportal.errors.engine import EngineError
from ocrportal.usage.models import Call
from ocrportal.usage.periods import Period


class Grouping(models.TextChoices):
    """The attribute that the calls of one row share."""

    SERVICE = "service", _("Service")
    DAY = "day", _("Day")
    CREDENTIAL = "credential", _("Credential")
    USER = "user", _("User")


_FIELDS = {
    Grouping.SERVICE: ("service",),
    Grouping.DAY: ("day",),
    # Names alone are ambiguous: they can be reused, and several users can choose the same.
    Grouping.CREDENTIAL: ("credential_id", "credential_name", "credential__owner__username"),
    Grouping.USER: ("user_id", "user_name"),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Totals over some calls."""

    calls: int
    failed: int
    units: int
    """How many the cloud bills."""
    bytes_sent: int
    milliseconds: int
    """Sum over all calls."""
    median_milliseconds: float

    @property
    def succeeded(self) -> int:
        return self.calls - self.failed

    @property
    def mean_seconds(self) -> float:
        """Average duration of a call."""
        return self.milliseconds / self.calls / 1000 if self.calls else 0.0

    @property
    def median_seconds(self) -> float:
        """Half of the calls take longer; unlike the mean it is not affected by a few time-outs."""
        return self.median_milliseconds / 1000


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one group of calls."""

    label: str
    note: str
    """Distinguishes rows with the same label; may be empty."""
    figures: Figures


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Numbers of successful and failed calls."""

    succeeded: int
    failed: int

    def __add__(self, other: Outcomes) -> Outcomes:
        return Outcomes(self.succeeded + other.succeeded, self.failed + other.failed)


@dataclass(frozen=True, slots=True)
class Failure:
    """Calls that failed for the same reason."""

    code: str
    status: int | None
    """HTTP status; None if no response arrived."""
    calls: int

    @property
    def cause(self) -> str:
        """The cause, for our own errors with the remedy, in the active language."""
        known = find_error(self.code)
        if known is not None:
            return known.cause
        # The calls went to several hosts; the sentence names what they have in common.
        host = gettext("Huawei Cloud")
        error = restore(
            self.code,
            {"host": host, "status": self.status or "–", "cloud_code": self.code},
        )
        if isinstance(error, EngineError):
            return str(error)
        return gettext(
            "The portal does not know this code. Look it up in the Huawei Cloud documentation."
        )

    @property
    def remedy(self) -> str:
        """The remedy, in the active language; empty if the cause includes it."""
        known = find_error(self.code)
        return known.remedy if known is not None else ""


def calls_in(calls: QuerySet[Call], period: Period) -> QuerySet[Call]:
    """The calls of ``calls`` that were made in the period."""
    return calls.filter(day__gte=period.first, day__lte=period.last)


def totals(calls: QuerySet[Call]) -> Figures:
    """The figures of all these calls together."""
    sums = calls.aggregate(**_sums())
    return Figures(
        **{name: value or 0 for name, value in sums.items()},
        median_milliseconds=_medians(calls, ()).get((), 0.0),
    )


def figures_by(calls: QuerySet[Call], grouping: Grouping) -> list[Row]:
    """The figures of each group: days latest first, other groups largest first."""
    fields = _FIELDS[grouping]
    order = ("-day",) if grouping == Grouping.DAY else ("-calls", *fields)
    medians = _medians(calls, fields)
    groups = calls.order_by().values(*fields).annotate(**_sums()).order_by(*order)
    rows = []
    for group in groups:
        key = tuple(group.pop(field) for field in fields)
        label, note = _named(grouping, key)
        rows.append(Row(label, note, Figures(**group, median_milliseconds=medians[key])))
    return rows


def outcomes_by_day(calls: QuerySet[Call]) -> dict[dt.date, Outcomes]:
    """Successes and failures of each day on which there were calls."""
    days = calls.order_by().values("day").annotate(calls=Count("pk"), failed=_FAILED)
    return {
        day: Outcomes(calls - failed, failed)
        for day, calls, failed in days.values_list("day", "calls", "failed")
    }


def failures(calls: QuerySet[Call]) -> list[Failure]:
    """The reasons of failed calls, most frequent first."""
    reasons = calls.exclude(code="").order_by().values("code", "status")
    counted = reasons.annotate(calls=Count("pk")).order_by("-calls", "code", "status")
    return [Failure(**reason) for reason in counted]


_FAILED = Count("pk", filter=~Q(code=""))


def _sums() -> dict[str, Any]:
    return {
        "calls": Count("pk"),
        "failed": _FAILED,
        "units": Sum("units"),
        "bytes_sent": Sum("bytes_sent"),
        "milliseconds": Sum("milliseconds"),
    }


def _medians(calls: QuerySet[Call], fields: Iterable[str]) -> dict[tuple[Any, ...], float]:
    """The median milliseconds of each group of calls that agree in ``fields``.

    The database sorts and numbers the calls of each group, and returns the one or two in
    the middle.
    """
    group = [F(field) for field in fields]
    numbered = calls.order_by().annotate(
        place=Window(RowNumber(), partition_by=group, order_by=F("milliseconds").asc()),
        size=Window(Count("pk"), partition_by=group),
    )
    half = F("size") / 2.0
    middle = numbered.filter(place__gte=half, place__lte=half + 1)
    found: dict[tuple[Any, ...], list[int]] = {}
    for *key, milliseconds in middle.values_list(*fields, "milliseconds"):
        found.setdefault(tuple(key), []).append(milliseconds)
    return {key: mean(values) for key, values in found.items()}


def _named(grouping: Grouping, key: tuple[Any, ...]) -> tuple[str, str]:
    """The label and the note of a group, from the values of its fields."""
    if grouping == Grouping.DAY:
        return key[0].isoformat(), ""
    if grouping == Grouping.SERVICE:
        known = services().get(key[0])
        return (known.name if known else key[0]), ""
    deleted = "" if key[0] is not None else gettext("deleted")
    if grouping == Grouping.CREDENTIAL and not deleted:
        return key[1], gettext("of %(owner)s") % {"owner": key[2]}
    return key[1], deleted
