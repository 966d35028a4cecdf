"""The messages that wake workers.

They carry no ids: a worker that is woken takes whatever's turn it is. So a message may
come twice, late or never (the sweep notices), and jobs of many pages share the workers
fairly with small ones however the messages lie in the queue.
"""

from __future__ import annotations

from typing import Any

from celery import bootsteps, shared_task
from celery.signals import worker_process_init
from django.conf import settings

from ocrportal.celery import app
from ocrportal.engines import engine_for
from ocrportal.recognition import opening, pipeline, sweeping


@shared_task(name="open_document")
def open_document() -> None:
    """Make pictures of some pages of the document whose turn it is."""
    if opening.open_next_document(page_ready=wake_for_page):
        wake_for_document()


@shared_task(name="recognise_page")
def recognise_page() -> None:
    """Recognise the page whose turn it is."""
    pipeline.recognise_next_page()


@shared_task(name="sweep")
def sweep() -> None:
    """Wake workers for work that lies idle."""
    idle = sweeping.find_idle_work()
    for _ in range(idle.documents):
        wake_for_document()
    for _ in range(idle.pages):
        wake_for_page()


def wake_for_document() -> None:
    """Send a message for one document that waits to be opened."""
    open_document.delay()


def wake_for_page() -> None:
    """Send a message for one page that waits to be recognised."""
    recognise_page.delay()


@worker_process_init.connect
def load_models(**_: Any) -> None:
    """Load the models in each new worker child, so that no page waits for them."""
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
