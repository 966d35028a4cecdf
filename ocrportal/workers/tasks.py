"""The tasks that messages start: each takes the next row of its kind and works on it."""

from __future__ import annotations

import time
from typing import Any

from celery import bootsteps, shared_task
from celery.signals import worker_process_init
from django.conf import settings

from ocrportal.celery import app
from ocrportal.engines import DEFAULT_ENGINE, engine_for
from ocrportal.submission import queue
from ocrportal.workers.deliver import deliver_next
from ocrportal.workers.export_worker import write_next_export
from ocrportal.workers.open_document import open_next_document
from ocrportal.workers.read_cloud_page import recognise_next_cloud_page
from ocrportal.workers.read_page import recognise_next_page
from ocrportal.workers.recover import recover as recover_lost_work

MAX_NAP_SECONDS = 1.0
"""A worker that waits for the cloud looks this often whether there is other work."""


@shared_task(name="open_document", time_limit=settings.OPENING_TIME_LIMIT_SECONDS)
def open_document() -> None:
    """Take the document whose turn it is one step further, up to pictures of its pages."""
    if open_next_document(page_ready=queue.wake_for_page, document_added=queue.wake_for_document):
        queue.wake_for_document()


@shared_task(name="recognise_page")
def recognise_page() -> None:
    """Recognise the page whose turn it is."""
    recognise_next_page()


@shared_task(name="recognise_cloud_page")
def recognise_cloud_page() -> None:
    """Have the cloud read the page whose turn it is, or wait a little for one's turn."""
    wait = recognise_next_cloud_page()
    # What has to wait longer is found by a later sweep.
    if wait is not None and wait.seconds <= settings.SWEEP_SECONDS:
        time.sleep(min(wait.seconds, MAX_NAP_SECONDS))
        queue.wake_for_cloud_page()


@shared_task(name="deliver")
def deliver() -> None:
    """Write some files of the delivery whose turn it is."""
    if deliver_next():
        queue.wake_for_delivery()


@shared_task(
    name="write_export",
    # It fails what takes so long; another attempt would take as long, and others wait.
    soft_time_limit=settings.EXPORT_TIME_LIMIT_SECONDS,
    time_limit=settings.EXPORT_TIME_LIMIT_SECONDS + 60,
)
def write_export() -> None:
    """Write the export whose turn it is."""
    if write_next_export():
        queue.wake_for_export()


@shared_task(name="recover")
def recover() -> None:
    """Wake workers for work that lies idle."""
    idle = recover_lost_work()
    for _ in range(idle.documents):
        queue.wake_for_document()
    for _ in range(idle.pages):
        queue.wake_for_local_page()
    for _ in range(idle.cloud_pages):
        queue.wake_for_cloud_page()
    for _ in range(idle.deliveries):
        queue.wake_for_delivery()
    for _ in range(idle.exports):
        queue.wake_for_export()


@worker_process_init.connect
def load_models(**_: Any) -> None:
    """Load the models in each new child that reads pages, so that no page waits for them."""
    if "pages" in app.amqp.queues.consume_from:
        engine_for(DEFAULT_ENGINE)


class RecoveryTimer(bootsteps.StartStopStep):
    """Sends a sweep every few seconds for as long as a worker runs.

    Each worker sends its own, since a sweep too many does no harm; so there is no
    scheduler process whose absence nobody would notice.
    """

    requires = ("celery.worker.components:Timer",)

    def start(self, worker: Any) -> None:
        queue.wake_for_recovery()
        self.entry = worker.timer.call_repeatedly(settings.SWEEP_SECONDS, queue.wake_for_recovery)

    def stop(self, worker: Any) -> None:
        self.entry.cancel()


app.steps["worker"].add(RecoveryTimer)
