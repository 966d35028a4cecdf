"""Recognising one page with an engine of this machine.

Pages for cloud engines are read by :mod:`ocrportal.workers.read_cloud_page`.
"""

from __future__ import annotations

import logging
import time

from django.db.models import F, QuerySet
from django.utils import timezone
from PIL import Image

from ocrportal.engines import ENGINES, cloud_engines, engine_for, services_of
from ocrportal.errors.engine import EngineError
from ocrportal.errors.request import UnknownService
from ocrportal.ingest.base import Preprocessing
from ocrportal.ingest.preprocessing.preprocess import preprocess
from ocrportal.jobs.job_status import refresh_job_status
from ocrportal.jobs.leases import check_attempts, lease_next, lease_seconds
from ocrportal.jobs.models import Job, Page
from ocrportal.results import PageResult
from ocrportal.workers.page_state import fail, store_result

logger = logging.getLogger(__name__)


def recognise_next_page(job_id: int | None = None, threads: int = 1) -> bool:
    """Recognise the first queued page of the least recently served job; False without one.

    A single page that is submitted beside a book is therefore read after one page of the book,
    not after all of it. ``job_id`` limits the choice to one job; ``threads`` is the number of
    threads for one page, for a caller that has the machine to itself.
    """
    page = lease_next(_queued_pages(job_id), seconds=lease_seconds())
    if page is None:
        return False
    Job.objects.filter(pk=page.job_id).update(served_at=timezone.now())
    try:
        check_attempts(page)
        result = _recognise(page, threads)
    except (EngineError, UnknownService) as error:
        fail(page, error)
    else:
        store_result(page, result)
    refresh_job_status(page.job_id)
    return True


def _queued_pages(job_id: int | None) -> QuerySet[Page]:
    """Queued pages for engines of this machine, in the order in which they are read."""
    queued = Page.objects.filter(status=Page.Status.QUEUED, job__status__in=Job.ACTIVE).exclude(
        job__engine__in=cloud_engines()
    )
    if job_id is not None:
        queued = queued.filter(job=job_id)
    return queued.order_by(
        F("job__served_at").asc(nulls_first=True), "job", "document__position", "number", "part"
    )


def _recognise(page: Page, threads: int) -> PageResult:
    job = page.job
    service = services_of(job.engine).get(job.service)
    if service is None:
        raise UnknownService(service=job.service)
    started = time.monotonic()
    engine = engine_for(job.engine, threads)
    preprocessing = Preprocessing.from_dict(job.preprocessing)
    options = ENGINES[job.engine].with_steps(job.options, preprocessing.to_dict())
    try:
        with page.image.open("rb") as file, Image.open(file) as image:
            preprocessed = preprocess(image, preprocessing)
            result = engine.recognise(preprocessed.image, service, options)
    except OSError as error:  # the stored image is missing or damaged
        raise EngineError from error
    logger.info("page %s read in %.2f s", page.pk, time.monotonic() - started)
    return preprocessed.restore(result)
