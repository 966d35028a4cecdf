"""Holds: no call is made with a credential, or with it to one service, until it is mended.

A hold makes work wait instead of fail, and keeps a wrong password or key from being tried
again and again until the cloud locks the account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from ocrportal.errors import CallsHeld
from ocrportal.usage.models import Hold

if TYPE_CHECKING:
    from ocrportal.accounts.models import Credential


@transaction.atomic
def hold(credential: Credential, error: CallsHeld, service: str) -> None:
    """Make no more calls like the one to ``service`` that was answered with ``error``.

    Whether that means the whole credential or only the service, the error says. If the
    credential was changed since that call began, the answer says nothing about it any more.
    """
    # Locked, so that a change comes before, or releases what is held here.
    rows = type(credential).objects.select_for_update(no_key=True)
    if not rows.filter(pk=credential.pk, version=credential.version).exists():
        return
    Hold.objects.update_or_create(
        credential=credential,
        service=service if error.scope == "service" else "",
        defaults={"error_code": error.code, "error_params": error.params},
    )


def release(credential: Credential, service: str | None = None) -> None:
    """End the credential's holds; with ``service`` only those that concern calls to it."""
    holds = Hold.objects.filter(credential=credential)
    if service is not None:
        holds = holds.filter(service__in=("", service))
    holds.delete()


def hold_on(credential_id: int, service: str) -> Hold | None:
    """The hold that keeps calls with this credential to this service waiting, if any."""
    concerned = Q(service="") | Q(service=service)
    return Hold.objects.filter(concerned, credential=credential_id).order_by("service").first()
