"""The check of a credential; its outcome is stored with the credential."""

from __future__ import annotations

import logging
from functools import partial

from django.db import transaction
from django.utils import timezone

from ocrportal.accounts.credentials import access_of, token_store
from ocrportal.accounts.models import Credential, User
from ocrportal.accounts.suspensions import resume, suspend
from ocrportal.engines import diagnose
from ocrportal.engines.cloud import Diagnosis
from ocrportal.errors.engine import CallsSuspended

logger = logging.getLogger(__name__)


def check_credential(*, user: User, credential: Credential, service: str = "") -> Diagnosis:
    """Test whether the credential works with a service, by default the engine's default one.

    Takes seconds; the cloud refuses at most one sign-in or signature. On success, the
    suspensions that affect the service end, so that waiting pages continue; a failure
    suspends its calls. Raises KeyError for a service that is not in the catalogue.
    """
    service = service or _suspended_service(credential)
    diagnosis = diagnose(
        partial(access_of, credential), token_store(credential, ignore_suspension=True), service
    )
    if diagnosis.usable:
        same = Credential.objects.filter(pk=credential.pk, version=credential.version)
        with transaction.atomic():
            if same.update(verified_at=timezone.now()):
                resume(credential, diagnosis.service)
    elif isinstance(diagnosis.error, CallsSuspended):
        suspend(credential, diagnosis.error, diagnosis.service)
    found = diagnosis.problem.code if diagnosis.problem else "usable"
    logger.debug("credential %s was checked by %s: %s", credential.pk, user, found)
    return diagnosis


def _suspended_service(credential: Credential) -> str:
    """A service to which calls are suspended, since it needs to be verified again."""
    suspended = credential.suspensions.exclude(service="").values_list("service", flat=True)
    return suspended.order_by("service").first() or ""
