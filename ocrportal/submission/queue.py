"""The messages that wake workers. Only this module sends any.

A message carries no ids: the worker that receives it takes the next row itself. So a message
may arrive twice, late or never (see ``workers.recover``), and jobs of many pages share the
workers fairly with small ones, whatever the order of the messages.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import transaction

from ocrportal.celery import app
from ocrportal.engines import is_cloud_engine
from ocrportal.jobs.models import Job

MAX_WAKES = 64
"""More messages than this at once only lengthen the queue; the next recovery sends more."""


def wake_on_commit(wake: Callable[[], None]) -> None:
    """Call ``wake``, a function of this module, once the transaction is committed.

    An unreachable queue raises nothing: the rows are stored, and the recovery sends a message
    later. An error would make users submit the same files again.
    """
    transaction.on_commit(wake, robust=True)


def wake_for_document() -> None:
    """Send a message for one document that waits to be opened."""
    app.send_task("open_document")


def wake_for_page(job: Job) -> None:
    """Send a message for one page of the job that waits to be recognised."""
    if is_cloud_engine(job.engine):
        wake_for_cloud_page()
    else:
        wake_for_local_page()


def wake_for_local_page() -> None:
    """Send a message for one page that an engine of this machine recognises."""
    app.send_task("recognise_page")


def wake_for_cloud_page() -> None:
    """Send a message for one page that a cloud engine recognises."""
    app.send_task("recognise_cloud_page")


def wake_for_delivery() -> None:
    """Send a message for one delivery that waits to be written."""
    app.send_task("deliver")


def wake_for_export() -> None:
    """Send a message for one export that waits to be written."""
    app.send_task("write_export")


def wake_for_recovery() -> None:
    """Send a message to recover lost work; it expires when the next one is due."""
    app.send_task("recover", expires=settings.SWEEP_SECONDS)
