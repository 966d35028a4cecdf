"""Adding, changing and removing credentials. Their form stands in accounts/forms.py.

What was changed by whom is logged, the values never.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from ocrportal.accounts.encryption import encrypt
from ocrportal.accounts.models import Credential, User
from ocrportal.usage.suspensions import release

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
"""What is stored as it was entered."""
MATTERS_NOT = {
    "name",
    "obs_endpoint",
    "connect_seconds",
    "read_seconds",
    "calls_per_minute",
    "calls_at_once",
}
"""What has no say in whether OCR accepts the credential."""


def add_credential(*, user: User, owner: User, kind: str, values: Mapping[str, Any]) -> Credential:
    """Make a credential of ``owner`` from the cleaned values of a CredentialForm."""
    credential = Credential(owner=owner, kind=kind)
    _fill(credential, values)
    credential.save()
    logger.info("credential %s of %s was added by %s", credential.pk, owner, user)
    return credential


@transaction.atomic
def change_credential(
    *, user: User, credential: Credential, values: Mapping[str, Any]
) -> Credential:
    """Change what ``values`` (of a CredentialForm) names; secrets left empty stay.

    When the change may mend or break the credential, it counts as a new one: it has to
    prove itself, signs in anew, and nothing holds it, so that waiting pages go on.
    """
    row = Credential.objects.select_for_update().get(pk=credential.pk)
    changed = _fill(row, values)
    if changed - MATTERS_NOT:
        row.version += 1
        row.proven_at = None
        row.token, row.token_expires_at = "", None
        row.signing_in_until, row.sign_in_failure = None, {}
        release(row)
    row.save()
    logger.info("credential %s was changed by %s: %s", row.pk, user, ", ".join(sorted(changed)))
    return row


def remove_credential(*, user: User, credential: Credential) -> None:
    """Delete the credential; pages that wait for it fail and say so."""
    logger.info("credential %s of %s was removed by %s", credential.pk, credential.owner, user)
    credential.delete()


def _fill(row: Credential, values: Mapping[str, Any]) -> set[str]:
    """Set what is given and differs; the names of the fields that changed."""
    changed = set()
    for name in PLAIN:
        if name in values and values[name] != getattr(row, name):
            setattr(row, name, values[name])
            changed.add(name)
    if values.get("secret"):
        row.secret = encrypt(values["secret"])
        # It belongs to the key that was replaced.
        row.security_token = encrypt(values.get("security_token", ""))
        changed.add("secret")
    # Without the password in it nobody could enter the proxy's address again as it is:
    # None says that it was left as it is shown.
    if values.get("proxy") is not None and (values["proxy"] or row.proxy):
        row.proxy = encrypt(values["proxy"])
        changed.add("proxy")
    return changed
