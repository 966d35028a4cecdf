"""Check every part of the portal and print how to repair what is broken."""

from __future__ import annotations

import io
import stat
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _
from PIL import Image

from ocrportal.accounts.credentials import unreadable_credentials
from ocrportal.accounts.encryption import check_keys
from ocrportal.catalogue.spec import services
from ocrportal.engines import DEFAULT_ENGINE, engine_for
from ocrportal.errors.base import PortalError
from ocrportal.errors.engine import EngineError
from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.writing import write_document
from ocrportal.ingest.convert.office import is_available, network_cut
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.source import RecognisedDocument, RecognisedPage
from ocrportal.results import Line, PageResult
from ocrportal.workers.health import Failures, check_database, check_queue, check_storage
from ocrportal.workers.pending_migrations import has_pending_migrations


class CheckFailed(Exception):
    """A part does not work; the message contains the remedy."""


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the report. A part that is not ``needed`` only warns."""

    name: str
    check: Callable[[], str]
    needed: bool = True


class Command(BaseCommand):
    help = "Check database, queue, storage, engine, fonts, Office converter and keys."

    def handle(self, **options: Any) -> None:
        parts = [
            Part(_("database"), database),
            Part(_("queue"), queue),
            Part(_("storage"), storage),
            Part(_("engine"), engine),
            Part(_("fonts"), fonts),
            Part(_("Office converter"), office_converter, needed=False),
            Part(_("keys"), keys),
        ]
        broken = [part.name for part in parts if not self._report(part)]
        if broken:
            raise CommandError(_("Not usable: %(parts)s") % {"parts": ", ".join(broken)})

    def _report(self, part: Part) -> bool:
        """Print one line; False if a needed part does not work."""
        try:
            found = part.check()
        except (CheckFailed, PortalError, *Failures) as error:
            mark = self.style.ERROR("✗") if part.needed else self.style.WARNING("–")
            self.stdout.write(f"{mark} {part.name}: {error}")
            return not part.needed
        self.stdout.write(f"{self.style.SUCCESS('✓')} {part.name}: {found}")
        return True


def database() -> str:
    check_database()
    if has_pending_migrations():
        raise CheckFailed(_("the tables are not up to date. Run: python manage.py migrate"))
    return connection.display_name


def queue() -> str:
    check_queue()
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        return str(settings.QUEUE_DIR)
    return str(settings.CELERY_BROKER_URL.partition(":")[0])


def storage() -> str:
    check_storage()
    return str(getattr(default_storage, "bucket_name", settings.MEDIA_ROOT))


def engine() -> str:
    blank = Image.new("RGB", (320, 64), "white")
    service = next(iter(services().values()))
    result = engine_for(DEFAULT_ENGINE).recognise(blank, service, {})
    if result.lines:
        raise EngineError
    return str(result.details.get("model", DEFAULT_ENGINE))


def fonts() -> str:
    """Write a searchable PDF of a Chinese character."""
    box = ((10.0, 10.0), (40.0, 10.0), (40.0, 40.0), (10.0, 40.0))
    result = PageResult(width=50, height=50, lines=(Line("字", box, 1.0),))
    picture = io.BytesIO()
    Image.new("L", (50, 50), "white").save(picture, "PNG")
    page = RecognisedPage(number=1, result=result, read_image=picture.getvalue)
    recognised = RecognisedDocument("doctor", 1, lambda: iter([page]))
    write_document(LaidOutDocument("doctor", (recognised,)), FORMATS["pdf"], io.BytesIO())
    return _("Chinese text in PDF files works")


def office_converter() -> str:
    if not is_available():
        raise CheckFailed(_("LibreOffice is not installed. Only Office files need it."))
    if network_cut() is None:
        raise CheckFailed(
            _(
                "LibreOffice is installed, but this operating system does not allow isolating it "
                "from the network. Only its settings keep it from following links in files."
            )
        )
    return _("LibreOffice is installed and isolated from the network")


def keys() -> str:
    if len(settings.SECRET_KEY) < 32:
        raise CheckFailed(_("SECRET_KEY is too short; use at least 32 random characters."))
    for kept in (settings.DATA_DIR / "secret_key", settings.DATA_DIR / "credential_keys"):
        if kept.exists() and stat.S_IMODE(kept.stat().st_mode) & 0o077:
            message = _("other users can read %(path)s. Run: chmod 600 %(path)s")
            raise CheckFailed(message % {"path": kept})
    try:
        check_keys()
    except ImproperlyConfigured as error:
        raise CheckFailed(str(error)) from error
    lost = unreadable_credentials()
    if lost:
        names = ", ".join(f"{credential.owner}: {credential.name}" for credential in lost)
        message = _(
            "CREDENTIAL_KEYS cannot decrypt the secrets of these credentials: %(names)s. Restore "
            "the key that encrypted them, or enter their passwords and keys again."
        )
        raise CheckFailed(message % {"names": names})
    return _("SECRET_KEY is set, CREDENTIAL_KEYS decrypt all credentials")
