"""Calls as a CSV file that opens in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ocrportal.catalogue.spec import services
from ocrportal.usage.models import Call

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel assumes the code page of Windows and garbles Chinese."""
STARTS_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""A spreadsheet may evaluate a cell that begins with one of these as a formula."""
ROWS_AT_ONCE = 2000


def csv_lines(calls: QuerySet[Call]) -> Iterator[str]:
    """The lines of the file, heading first, read from the database lazily.

    The heading and the services' names are in the language that is active during this
    call, not in the one that is active when the lines are consumed.
    """
    heading = (
        _("Time"),
        _("User"),
        _("Credential"),
        _("Service"),
        _("Key of the service"),
        _("Region"),
        _("Page"),
        _("HTTP status"),
        _("Error code"),
        _("Milliseconds"),
        _("Bytes sent"),
        _("Billed units"),
    )
    names = {key: service.name for key, service in services().items()}
    return _lines(heading, names, calls)


def _lines(heading: tuple[str, ...], names: dict[str, str], calls: QuerySet[Call]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + _line(heading)
    columns = calls.values_list(
        "at", "user_name", "credential_name", "service", "region", "page_id", "status", "code",
        "milliseconds", "bytes_sent", "units",
    )  # fmt: skip
    for at, user, credential, service, *rest in columns.iterator(ROWS_AT_ONCE):
        moment = timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S")
        yield _line((moment, user, credential, names.get(service, service), service, *rest))


def _line(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([_harmless(cell) for cell in cells])
    return out.getvalue()


def _harmless(cell: object) -> object:
    """The cell, as text if a spreadsheet would evaluate it: users choose names."""
    if isinstance(cell, str) and cell.startswith(STARTS_A_FORMULA):
        return f"'{cell}"
    return cell
