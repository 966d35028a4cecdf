"""Adding, changing and removing credentials. Their form is in accounts/forms.py.

The log records the user and the changed fields, never their values.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from ocrportal.accounts.encryption import encrypt
from ocrportal.accounts.models import Credential, User
from ocrportal.accounts.suspensions import resume

logger = logging.getLogger(__name__)

PLAIN = (
    "name",
    "region",
    "iam_user",
    "domain",
    "access_key",
    "project_id",
    "enterprise_project_id",
    "ocr_endpoint",
    "obs_endpoint",
    "iam_endpoint",
    "verify_tls",
    "ca_bundle",
    "connect_seconds",
    "read_seconds",
    "calls_per_minute",
    "calls_at_once",
)
"""Fields that are stored unencrypted."""
IRRELEVANT_TO_CALLS = {
    "name",
    "obs_endpoint",
    "connect_seconds",
    "read_seconds",
    "calls_per_minute",
    "calls_at_once",
}
"""Fields that do not affect whether the OCR services accept the credential."""


def add_credential(*, user: User, owner: User, kind: str, values: Mapping[str, Any]) -> Credential:
    """Create a credential of ``owner`` from the cleaned values of a CredentialForm."""
    credential = Credential(owner=owner, kind=kind)
    _fill(credential, values)
    credential.save()
    logger.info("credential %s of %s was added by %s", credential.pk, owner, user)
    return credential


@transaction.atomic
def change_credential(
    *, user: User, credential: Credential, values: Mapping[str, Any]
) -> Credential:
    """Set the fields that ``values`` (of a CredentialForm) names; empty secrets are kept.

    If the change affects calls, the credential counts as a new one: it is unverified, its
    token is dropped and its suspensions end, so that waiting pages continue.
    """
    row = Credential.objects.select_for_update().get(pk=credential.pk)
    changed = _fill(row, values)
    if changed - IRRELEVANT_TO_CALLS:
        row.version += 1
        row.verified_at = None
        row.token, row.token_expires_at = "", None
        row.signing_in_until, row.sign_in_failure = None, {}
        resume(row)
    row.save()
    logger.info("credential %s was changed by %s: %s", row.pk, user, ", ".join(sorted(changed)))
    return row


def remove_credential(*, user: User, credential: Credential) -> None:
    """Delete the credential; pages that wait for it fail with an error."""
    logger.info("credential %s of %s was removed by %s", credential.pk, credential.owner, user)
    credential.delete()


def _fill(row: Credential, values: Mapping[str, Any]) -> set[str]:
    """Set the given values that differ; returns the names of the changed fields."""
    changed = set()
    for name in PLAIN:
        if name in values and values[name] != getattr(row, name):
            setattr(row, name, values[name])
            changed.add(name)
    if values.get("secret"):
        row.secret = encrypt(values["secret"])
        # The stored token belongs to the replaced key.
        row.security_token = encrypt(values.get("security_token", ""))
        changed.add("secret")
    # The form shows the address without its password, so it cannot be submitted unchanged:
    # None means that it is unchanged.
    if values.get("proxy") is not None and (values["proxy"] or row.proxy):
        row.proxy = encrypt(values["proxy"])
        changed.add("proxy")
    return changed
