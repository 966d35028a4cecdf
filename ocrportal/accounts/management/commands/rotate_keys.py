"""Encrypt all stored secrets again, with the first key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ocrportal.accounts.credentials import rotate_secrets, unreadable_credentials


class Command(BaseCommand):
    help = (
        "Encrypt the secrets of all credentials with the first of CREDENTIAL_KEYS. "
        "After that the other keys can be removed from the setting."
    )
    # The checks would import every screen and the API; ``migrate`` and ``check`` run them.
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        count = rotate_secrets()
        self.stdout.write(
            _("%(count)s credentials are encrypted with the first key.") % {"count": count}
        )
        lost = unreadable_credentials()
        if lost:
            names = ", ".join(f"{row.owner}: {row.name}" for row in lost)
            raise CommandError(
                _(
                    "None of the keys can decrypt these credentials: %(names)s. Restore the key "
                    "that encrypted them, or enter their passwords and keys again."
                )
                % {"names": names}
            )
