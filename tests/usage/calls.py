"""Creates calls in the ledger for tests."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from ocrportal.accounts.models import Credential, User
from ocrportal.usage.models import Call


def make_call(
    user: User,
    credential: Credential | None = None,
    *,
    day: dt.date | None = None,
    code: str = "",
    **fields,
) -> Call:
    """Record one call: today, billed once if it succeeded, unless ``fields`` differ."""
    fields = {
        "service": "general-text",
        "region": "cn-north-4",
        "status": 400 if code else 200,
        "milliseconds": 800,
        "bytes_sent": 1000,
        "units": 0 if code else 1,
    } | fields
    return Call.objects.create(
        user=user,
        user_name=user.username,
        credential=credential,
        credential_name=credential.name if credential else "office",
        day=day or timezone.localdate(),
        code=code,
        **fields,
    )
