"""Add, check, list and remove credentials."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ocrportal.accounts.checking import check_credential
from ocrportal.accounts.credential_changes import add_credential, remove_credential
from ocrportal.accounts.credentials import credential_named, credentials_of
from ocrportal.accounts.forms import CredentialForm
from ocrportal.accounts.models import Credential, User
from ocrportal.catalogue.spec import services

OPTIONS = {
    "iam_user": "--iam-user",
    "domain": "--domain",
    "access_key": "--ak",
    "project_id": "--project-id",
    "ocr_endpoint": "--ocr-endpoint",
    "obs_endpoint": "--obs-endpoint",
    "iam_endpoint": "--iam-endpoint",
}
"""Optional fields of the form and the options that set them."""


class Command(BaseCommand):
    help = (
        "Credentials of a user for a cloud engine. The password or secret key is read from "
        "standard input; with temporary keys the security token is the second line."
    )
    # The checks would import every screen and the API; ``migrate`` and ``check`` run them.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add", help="add a credential")
        add.add_argument("--user", required=True, metavar="NAME")
        add.add_argument("--name", required=True, metavar="TEXT")
        add.add_argument("--kind", required=True, choices=Credential.Kind.values)
        add.add_argument("--region", required=True, metavar="ID")
        for field, option in OPTIONS.items():
            add.add_argument(option, dest=field, default="", metavar="TEXT")
        check = actions.add_parser("check", help="find out whether it works, and if not, why")
        remove = actions.add_parser("remove", help="remove a credential")
        for action in (check, remove):
            action.add_argument("--user", required=True, metavar="NAME")
            action.add_argument("--name", required=True, metavar="TEXT")
        check.add_argument("--service", default="", metavar="KEY")
        listing = actions.add_parser("list", help="list those a user may use")
        listing.add_argument("--user", required=True, metavar="NAME")

    def handle(self, *, action: str, user: str, **options: Any) -> None:
        owner = _user(user)
        if action == "add":
            self._add(owner, options)
        elif action == "list":
            self._list(owner)
        elif action == "check":
            self._check(owner, options["name"], options["service"])
        else:
            remove_credential(user=owner, credential=_own(owner, options["name"]))

    def _add(self, owner: User, options: dict[str, Any]) -> None:
        secret, security_token = _read_secrets(options["kind"])
        model = Credential(owner=owner, kind=options["kind"])
        defaults = {
            name: getattr(model, name)
            for name in ("verify_tls", "connect_seconds", "read_seconds", "calls_at_once")
        }
        entered = {name: options[name] for name in ("name", "region", *OPTIONS)}
        form = CredentialForm(
            {**defaults, **entered, "secret": secret, "security_token": security_token},
            instance=model,
            user=owner,
            may_set_addresses=True,  # who runs commands here administers the portal
        )
        if not form.is_valid():
            raise CommandError(_problems(form))
        if form.was_trimmed:
            self.stderr.write(_("Leading and trailing spaces were removed from the password."))
        add_credential(user=owner, owner=owner, kind=model.kind, values=form.cleaned_data)

    def _list(self, owner: User) -> None:
        for credential in credentials_of(owner):
            shared = "" if credential.owner_id == owner.pk else f"  ({credential.owner})"
            self.stdout.write(
                f"{credential.name}{shared}\t{credential.kind}\t{credential.region}\t"
                f"{_state(credential)}"
            )

    def _check(self, owner: User, name: str, service: str) -> None:
        if service and service not in services():
            raise CommandError(_("There is no service “%(name)s”.") % {"name": service})
        diagnosis = check_credential(user=owner, credential=_named(owner, name), service=service)
        if diagnosis.problem is not None:
            raise CommandError(diagnosis.problem.sentence)
        self.stdout.write(_("The credential works."))


def _user(name: str) -> User:
    try:
        return User.objects.get(username=name)
    except User.DoesNotExist as error:
        raise CommandError(_("There is no user “%(name)s”.") % {"name": name}) from error


def _named(user: User, name: str) -> Credential:
    credential = credential_named(user, name)
    if credential is None:
        message = _("%(user)s has no credential “%(name)s”.")
        raise CommandError(message % {"user": user, "name": name})
    return credential


def _own(user: User, name: str) -> Credential:
    credential = _named(user, name)
    if credential.owner_id != user.pk:
        message = _("“%(name)s” belongs to %(owner)s and is only shared with %(user)s.")
        raise CommandError(message % {"name": name, "owner": credential.owner, "user": user})
    return credential


def _state(credential: Credential) -> str:
    """Why its calls are suspended, else whether it was ever verified."""
    every_service = _("paused")
    reasons = [
        f"{suspension.service or every_service}: {suspension.message}"
        for suspension in credential.suspensions.all()
    ]
    if reasons:
        return " ".join(reasons)
    return _("works") if credential.verified_at else _("not checked yet")


def _read_secrets(kind: str) -> tuple[str, str]:
    """Password or secret key, and the security token if there is one."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n"), sys.stdin.readline().rstrip("\r\n")
    if kind == Credential.Kind.TOKEN:
        return getpass.getpass(_("Password: ")), ""
    secret = getpass.getpass(_("Secret key (SK): "))
    return secret, getpass.getpass(_("Security token (empty for permanent keys): "))


def _problems(form: CredentialForm) -> str:
    lines = []
    for name, errors in form.errors.items():
        option = OPTIONS.get(name, name)
        lines += [error if name == "__all__" else f"{option}: {error}" for error in errors]
    return "\n".join(map(str, lines))
