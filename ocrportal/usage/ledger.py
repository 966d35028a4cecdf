"""The ledger: records every call to a cloud service, billed or not."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from ocrportal.accounts.models import Credential, User
from ocrportal.engines.cloud import CallReport
from ocrportal.usage.models import Call


@transaction.atomic
def record_call(
    *, user: User, credential: Credential, page_id: int | None, report: CallReport
) -> None:
    """Record one call that ``user`` made with ``credential``, successful or not.

    The credential may have been removed during the call.
    """
    max_code = Call._meta.get_field("code").max_length
    rows = Credential.objects.select_for_update(no_key=True)
    exists = rows.filter(pk=credential.pk).exists()
    Call.objects.create(
        user=user,
        user_name=user.get_username(),
        credential=credential if exists else None,
        credential_name=credential.name,
        service=report.service,
        region=report.region,
        page_id=page_id,
        status=report.status,
        # Comes from a server that may send anything.
        code=report.code[:max_code],
        milliseconds=round(report.seconds * 1000),
        bytes_sent=report.bytes_sent,
        units=report.units,
    )


def calls_of(reader: User) -> QuerySet[Call]:
    """The calls that ``reader`` may see: all of them for admins, else only their own."""
    return Call.objects.all() if reader.is_staff else Call.objects.filter(user=reader)
