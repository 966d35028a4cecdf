"""The ledger: every call to a cloud service, billed or not, is written down here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from ocrportal.engines.cloud import CallReport
from ocrportal.usage.models import Call

if TYPE_CHECKING:
    from ocrportal.accounts.models import Credential, User


@transaction.atomic
def record_call(
    *, user: User, credential: Credential, page_id: int | None, report: CallReport
) -> None:
    """Write down one call that ``user`` made with ``credential``, whatever became of it.

    The credential may have been removed while the call was under way.
    """
    longest_code = Call._meta.get_field("code").max_length
    rows = type(credential).objects.select_for_update(no_key=True)
    is_there = rows.filter(pk=credential.pk).exists()
    Call.objects.create(
        user=user,
        user_name=user.get_username(),
        credential=credential if is_there else None,
        credential_name=credential.name,
        service=report.service,
        region=report.region,
        page_id=page_id,
        status=report.status,
        # Written by a server that may say anything.
        code=report.code[:longest_code],
        milliseconds=round(report.seconds * 1000),
        bytes_sent=report.bytes_sent,
        units=report.units,
    )


def calls_of(reader: User) -> QuerySet[Call]:
    """The calls that ``reader`` may see: all of them for admins, their own for others."""
    return Call.objects.all() if reader.is_staff else Call.objects.filter(user=reader)
