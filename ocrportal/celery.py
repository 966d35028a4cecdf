"""The Celery application: workers start with ``celery -A ocrportal worker``."""

import os
import time
import uuid
from pathlib import Path
from typing import Any

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocrportal.settings")


class FolderChannel(filesystem.Channel):
    """The queue in a folder, whose messages appear in one piece.

    Kombu writes a message into the file that readers already see, and they heed no lock:
    who reads it before it is written gets an empty one, which ends the worker.
    """

    def _put(  # type: ignore[override]  # kombu overrides its own base class so
        self, queue: str, payload: dict[str, Any], **kwargs: Any
    ) -> None:
        # Readers take the oldest first, by name.
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        whole = Path(self.data_folder_out, name)
        unseen = whole.with_name(f"{name}.part")
        unseen.write_text(dumps(payload), encoding="utf-8")
        unseen.rename(whole)


class FolderTransport(filesystem.Transport):
    Channel = FolderChannel


TRANSPORT_ALIASES["filesystem"] = "ocrportal.celery:FolderTransport"

app = Celery("ocrportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["ocrportal.workers"])
