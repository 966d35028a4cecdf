"""Create an API token."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ocrportal.accounts.models import User
from ocrportal.accounts.tokens import make_api_token


class Command(BaseCommand):
    help = "Print a new API token of a user, once."
    # The checks would import every screen and the API; ``migrate`` and ``check`` run them.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", required=True, metavar="NAME")

    def handle(self, *, user: str, **options: Any) -> None:
        try:
            owner = User.objects.get(username=user)
        except User.DoesNotExist as error:
            raise CommandError(_("There is no user “%(name)s”.") % {"name": user}) from error
        self.stdout.write(make_api_token(owner))
