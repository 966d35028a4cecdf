"""The check of a credential: what the doctor finds is remembered with the credential."""

from __future__ import annotations

import logging
from functools import partial

from django.db import transaction
from django.utils import timezone

from ocrportal.accounts.credentials import access_of, token_store
from ocrportal.accounts.models import Credential, User
from ocrportal.engines import diagnose
from ocrportal.engines.cloud import Diagnosis
from ocrportal.errors import CallsHeld
from ocrportal.usage.suspensions import hold, release

logger = logging.getLogger(__name__)


def check_credential(*, user: User, credential: Credential, service: str = "") -> Diagnosis:
    """Find out whether the credential works with a service, by default the usual one.

    Takes seconds, and at most one sign-in or signature of it is refused. If it works,
    whatever held calls to the service ends, so that waiting pages go on; if it does not,
    such calls are held. Raises KeyError for a service that is not in the catalogue.
    """
    service = service or _held_service(credential)
    diagnosis = diagnose(
        partial(access_of, credential), token_store(credential, despite_hold=True), service
    )
    if diagnosis.usable:
        same = Credential.objects.filter(pk=credential.pk, version=credential.version)
        with transaction.atomic():
            if same.update(proven_at=timezone.now()):
                release(credential, diagnosis.service)
    elif isinstance(diagnosis.error, CallsHeld):
        hold(credential, diagnosis.error, diagnosis.service)
    found = diagnosis.problem.code if diagnosis.problem else "usable"
    logger.debug("credential %s was checked by %s: %s", credential.pk, user, found)
    return diagnosis


def _held_service(credential: Credential) -> str:
    """A service to which calls are held, since that is what needs to be proven anew."""
    held = credential.holds.exclude(service="").values_list("service", flat=True)
    return held.order_by("service").first() or ""
