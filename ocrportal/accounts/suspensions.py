"""Suspensions: no calls with a credential, or with it to one service, until it is fixed.

While calls are suspended, pages wait instead of failing, and a wrong password or key is not
tried again and again until the cloud locks the account.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from ocrportal.accounts.models import Credential, Suspension
from ocrportal.errors.engine import CallsSuspended


@transaction.atomic
def suspend(credential: Credential, error: CallsSuspended, service: str) -> None:
    """Suspend calls like the one to ``service`` that failed with ``error``.

    The error's scope decides whether that means all calls of the credential or only those to
    the service. Does nothing if the credential was changed since the call began.
    """
    # Locked, so that a concurrent change happens before, or ends this suspension.
    rows = Credential.objects.select_for_update(no_key=True)
    if not rows.filter(pk=credential.pk, version=credential.version).exists():
        return
    Suspension.objects.update_or_create(
        credential=credential,
        service=service if error.scope == "service" else "",
        defaults={"error_code": error.code, "error_params": error.params},
    )


def resume(credential: Credential, service: str | None = None) -> None:
    """End the credential's suspensions; with ``service`` only those that affect it."""
    suspensions = Suspension.objects.filter(credential=credential)
    if service is not None:
        suspensions = suspensions.filter(service__in=("", service))
    suspensions.delete()


def suspension_of(credential_id: int, service: str) -> Suspension | None:
    """The suspension that applies to calls with this credential to this service, if any."""
    applies = Q(service="") | Q(service=service)
    return Suspension.objects.filter(applies, credential=credential_id).order_by("service").first()
