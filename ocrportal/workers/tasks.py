"""The tasks that messages start: each leases the next row of its kind and processes it.

A task imports its work when it runs. So no libraries for pictures, PDF or the cloud are in the
memory of the parent process of a worker, nor of a worker that does not need them.
"""

from __future__ import annotations

import time
from typing import Any

from celery import bootsteps, shared_task
from celery.signals import worker_process_init
from django.conf import settings

from ocrportal.celery import app
from ocrportal.engines import DEFAULT_ENGINE, engine_for
from ocrportal.submission import queue

MAX_NAP_SECONDS = 1.0
"""The longest pause of a worker that waits for the cloud."""


@shared_task(name="open_document", time_limit=settings.OPENING_TIME_LIMIT_SECONDS)
def open_document() -> None:
    """Process the next document for one slice."""
    from ocrportal.workers.open_document import open_next_document

    if open_next_document(page_ready=queue.wake_for_page, document_added=queue.wake_for_document):
        queue.wake_for_document()


@shared_task(name="recognise_page")
def recognise_page() -> None:
    """Recognise the next page with an engine of this machine."""
    from ocrportal.workers.read_page import recognise_next_page

    recognise_next_page()


@shared_task(name="recognise_cloud_page")
def recognise_cloud_page() -> None:
    """Recognise the next page with a cloud engine, or wait a moment until a call may start."""
    from ocrportal.workers.read_cloud_page import recognise_next_cloud_page

    wait = recognise_next_cloud_page()
    # A longer wait is left to the recovery.
    if wait is not None and wait.seconds <= settings.SWEEP_SECONDS:
        time.sleep(min(wait.seconds, MAX_NAP_SECONDS))
        queue.wake_for_cloud_page()


@shared_task(name="deliver")
def deliver() -> None:
    """Write files of the next delivery for one slice."""
    from ocrportal.workers.deliver import deliver_next

    if deliver_next():
        queue.wake_for_delivery()


@shared_task(
    name="write_export",
    # The export fails: another attempt would take as long, and other exports wait.
    soft_time_limit=settings.EXPORT_TIME_LIMIT_SECONDS,
    time_limit=settings.EXPORT_TIME_LIMIT_SECONDS + 60,
)
def write_export() -> None:
    """Write the next export."""
    from ocrportal.workers.export_worker import write_next_export

    if write_next_export():
        queue.wake_for_export()


@shared_task(name="recover")
def recover() -> None:
    """Recover lost work and wake workers for idle rows."""
    from ocrportal.workers.recover import recover as recover_lost_work

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
    """Sends a message to recover lost work every few seconds while a worker runs.

    Each worker sends its own, because a superfluous recovery is harmless. The portal therefore
    needs no scheduler process, whose failure could remain unnoticed.
    """

    requires = ("celery.worker.components:Timer",)

    def start(self, worker: Any) -> None:
        queue.wake_for_recovery()
        self.entry = worker.timer.call_repeatedly(settings.SWEEP_SECONDS, queue.wake_for_recovery)

    def stop(self, worker: Any) -> None:
        self.entry.cancel()


app.steps["worker"].add(RecoveryTimer)
