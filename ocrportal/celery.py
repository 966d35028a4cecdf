"""The Celery application; workers are started with ``celery -A ocrportal worker``."""

import os
import time
import uuid
from pathlib import Path
from typing import Any

from celery import Celery
from kombu import Exchange, Queue
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocrportal.settings")
# The checks would keep every screen and the API in the memory of each worker; ``migrate`` and
# ``check`` run them.
os.environ.setdefault("CELERY_SKIP_CHECKS", "true")


class FolderChannel(filesystem.Channel):
    """The channel of a queue in a folder, with atomic writes.

    Kombu writes a message into a file that readers already see, without a lock they respect. A
    reader that opens it too early gets an empty message, which stops the worker.
    """

    def _put(  # type: ignore[override]  # the signature of kombu's own override
        self, queue: str, payload: dict[str, Any], **kwargs: Any
    ) -> None:
        # Readers sort messages by name.
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        whole = Path(self.data_folder_out, name)
        temporary = whole.with_name(f"{name}.part")
        temporary.write_text(dumps(payload), encoding="utf-8")
        temporary.rename(whole)


class FolderTransport(filesystem.Transport):
    Channel = FolderChannel


TRANSPORT_ALIASES["filesystem"] = "ocrportal.celery:FolderTransport"

app = Celery("ocrportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Here rather than in the settings, so that a command without tasks does not import kombu.
app.conf.task_queues = [
    Queue(name, Exchange(name), routing_key=name)
    for name in ("documents", "pages", "cloud", "exports")
]
app.autodiscover_tasks(["ocrportal.workers"])
