"""Whether database, queue and storage can be reached, for /readyz and ``doctor``."""

from __future__ import annotations

import os
from collections.abc import Callable

from botocore.exceptions import (  # type: ignore[import-untyped]  # it ships no types
    BotoCoreError,
    ClientError,
)
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import Error as DatabaseFailure
from django.db import connection
from kombu.exceptions import KombuError

from ocrportal.celery import app

CONNECT_SECONDS = 3

Failures = (DatabaseFailure, OSError, KombuError, BotoCoreError, ClientError)
"""What the checks below raise when a part cannot be reached."""


def check_database() -> None:
    """Raises django.db.Error if the database does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_queue() -> None:
    """Raises OSError or KombuError if messages cannot be sent."""
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        if not os.access(settings.QUEUE_DIR, os.W_OK | os.X_OK):
            raise PermissionError(f"cannot write to {settings.QUEUE_DIR}")
        return
    with app.connection_for_write(connect_timeout=CONNECT_SECONDS) as broker:
        broker.ensure_connection(max_retries=1, timeout=CONNECT_SECONDS)


def check_storage() -> None:
    """Raises OSError or a botocore error if files cannot be kept."""
    if isinstance(default_storage, FileSystemStorage):
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
        if not os.access(settings.MEDIA_ROOT, os.W_OK | os.X_OK):
            raise PermissionError(f"cannot write to {settings.MEDIA_ROOT}")
        return
    default_storage.exists("jobs")


PARTS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "queue": check_queue,
    "storage": check_storage,
}


def failing_parts() -> dict[str, str]:
    """The parts that cannot be reached, each with the kind of failure.

    The kind only, because the full text may contain addresses or user names.
    """
    failing = {}
    for name, check in PARTS.items():
        try:
            check()
        except Failures as error:
            failing[name] = type(error).__name__
    return failing
