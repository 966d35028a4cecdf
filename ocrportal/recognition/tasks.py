"""The messages that wake workers.

They carry no ids: a worker that is woken takes whatever's turn it is. So a message may
come twice, late or never (the sweep notices), and jobs of many pages share the workers
fairly with small ones however the messages lie in the queue.
"""

from __future__ import annotations

import time
from typing import Any

from celery import bootsteps, shared_task
from celery.signals import worker_process_init
from django.conf import settings

from ocrportal.celery import app
from ocrportal.engines import CLOUD_ENGINES, engine_for
from ocrportal.jobs.models import Job
from ocrportal.recognition import cloud, delivering, export_writing, opening, pipeline, sweeping

LONGEST_NAP_SECONDS = 1.0
"""A worker that waits for the cloud looks this often whether there is other work."""


@shared_task(name="open_document", time_limit=settings.OPENING_TIME_LIMIT_SECONDS)
def open_document() -> None:
    """Take the document whose turn it is one step further, up to pictures of its pages."""
    if opening.open_next_document(page_ready=wake_for_page, document_added=wake_for_document):
        wake_for_document()


@shared_task(name="recognise_page")
def recognise_page() -> None:
    """Recognise the page whose turn it is."""
    pipeline.recognise_next_page()


@shared_task(name="recognise_cloud_page")
def recognise_cloud_page() -> None:
    """Have the cloud read the page whose turn it is, or wait a little for one's turn."""
    wait = cloud.recognise_next_cloud_page()
    # What has to wait longer is found by a later sweep.
    if wait is not None and wait.seconds <= settings.SWEEP_SECONDS:
        time.sleep(min(wait.seconds, LONGEST_NAP_SECONDS))
        recognise_cloud_page.delay()


@shared_task(name="deliver")
def deliver() -> None:
    """Write some files of the delivery whose turn it is."""
    if delivering.deliver_next():
        wake_for_delivery()


@shared_task(
    name="write_export",
    # It fails what takes so long; another attempt would take as long, and others wait.
    soft_time_limit=settings.EXPORT_TIME_LIMIT_SECONDS,
    time_limit=settings.EXPORT_TIME_LIMIT_SECONDS + 60,
)
def write_export() -> None:
    """Write the export whose turn it is."""
    if export_writing.write_next_export():
        wake_for_export()


@shared_task(name="sweep")
def sweep() -> None:
    """Wake workers for work that lies idle."""
    idle = sweeping.find_idle_work()
    for _ in range(idle.documents):
        wake_for_document()
    for _ in range(idle.pages):
        recognise_page.delay()
    for _ in range(idle.cloud_pages):
        recognise_cloud_page.delay()
    for _ in range(idle.deliveries):
        wake_for_delivery()
    for _ in range(idle.exports):
        wake_for_export()


def wake_for_document() -> None:
    """Send a message for one document that waits to be opened."""
    open_document.delay()


def wake_for_delivery() -> None:
    """Send a message for one delivery that waits to be written."""
    deliver.delay()


def wake_for_export() -> None:
    """Send a message for one export that waits to be written."""
    write_export.delay()


def wake_for_page(job: Job) -> None:
    """Send a message for one page of the job that waits to be recognised."""
    task = recognise_cloud_page if job.engine in CLOUD_ENGINES else recognise_page
    task.delay()


@worker_process_init.connect
def load_models(**_: Any) -> None:
    """Load the models in each new child that reads pages, so that no page waits for them."""
    if "pages" in app.amqp.queues.consume_from:
        engine_for("local")


class Sweeper(bootsteps.StartStopStep):
    """Sends a sweep every few seconds for as long as a worker runs.

    Each worker sends its own, since a sweep too many does no harm; so there is no
    scheduler process whose absence nobody would notice.
    """

    requires = ("celery.worker.components:Timer",)

    def start(self, worker: Any) -> None:
        sweep.apply_async(expires=settings.SWEEP_SECONDS)
        self.entry = worker.timer.call_repeatedly(
            settings.SWEEP_SECONDS,
            sweep.apply_async,
            kwargs={"expires": settings.SWEEP_SECONDS},
        )

    def stop(self, worker: Any) -> None:
        self.entry.cancel()


app.steps["worker"].add(Sweeper)
