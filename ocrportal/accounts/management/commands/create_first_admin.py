"""Create the first administrator of a new portal."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from ocrportal.accounts.first_admin import NAME, create_first_admin
from ocrportal.settings import env


class Command(BaseCommand):
    help = (
        "Make the user “admin” if no admin exists. The password comes from "
        "OCRPORTAL_ADMIN_PASSWORD; without it one is generated and printed, once."
    )
    # The checks would import every screen and the API; ``migrate`` and ``check`` run them.
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        given = env("OCRPORTAL_ADMIN_PASSWORD")
        try:
            password = create_first_admin(given)
        except ValidationError as error:
            raise CommandError("OCRPORTAL_ADMIN_PASSWORD: " + " ".join(error.messages)) from error
        if password and not given:
            self.stdout.write(f"First sign-in: user {NAME}, password {password}")
            self.stdout.write(
                "Note it down: it is shown only now. It can be changed in the portal."
            )
