"""Recognising one page with a cloud engine.

A page is leased only when a call may start for it: its job is approved, its credential is not
suspended, and the rate limit allows a call. A waiting page therefore keeps no worker busy, and
pages of one credential never delay those of another.
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from functools import partial

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from PIL import Image

from ocrportal.accounts.credentials import access_of, mark_verified, may_use, token_store
from ocrportal.accounts.models import Credential, Suspension
from ocrportal.accounts.suspensions import suspend
from ocrportal.engines import cloud_engine_for, cloud_engines, services_of
from ocrportal.engines.base import NO_SOURCE, Origin
from ocrportal.engines.cloud import CallReport, Cloud
from ocrportal.errors.engine import (
    CallCapReached,
    CallsSuspended,
    CloudThrottled,
    CredentialRemoved,
    EngineError,
    TransientError,
)
from ocrportal.errors.request import UnknownService
from ocrportal.ingest.base import Preprocessing
from ocrportal.ingest.preprocessing.preprocess import preprocess
from ocrportal.jobs.job_status import refresh_job_status
from ocrportal.jobs.leases import MAX_ATTEMPTS, check_attempts, lease
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.results import PageResult
from ocrportal.submission.result_cache import cached_result, request_fingerprint
from ocrportal.usage.ledger import record_call
from ocrportal.usage.models import CallSlot
from ocrportal.usage.rate_limit import Wait, acquire_slot, end_call, record_throttle, release
from ocrportal.workers.page_state import fail, requeue, store_result

logger = logging.getLogger(__name__)

MAX_RETRIES = 5
"""How often a page is sent again after a transient error before it fails."""
FIRST_BACKOFF_SECONDS = 2.0
"""The pause after the first transient error; it doubles each time, to about a minute in all."""
CALLS_A_PAGE = 4
"""The most calls for one leased page: reauthenticate, send bytes instead of an address, and send a
smaller image."""
EQUAL_REQUEST_SECONDS = (1.0, 2.0)
"""How long a page waits for the result of an equal request of another page; at random, so that two
pages that wait for each other do not meet again."""
CANDIDATES = 4
"""The number of next pages of a job that are tried, because other workers lease them too."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """A leased page and the slot of its call; None if no call is made."""

    page: Page
    slot: CallSlot | None


def recognise_next_cloud_page(job_id: int | None = None) -> Wait | None:
    """Recognise the next page of the least recently served job whose call may start.

    None if a page ended. Otherwise the time to wait before the next call of this function: zero
    if the page was queued again, infinite if no page waits only for time to pass. ``job_id``
    limits the choice to one job.
    """
    taken = _take_next(job_id)
    if isinstance(taken, Wait):
        return taken
    page = taken.page
    try:
        ended = _read(page, taken.slot)
    finally:
        # Last, because the response may change the rate before the next call starts.
        if taken.slot is not None:
            end_call(taken.slot)
    refresh_job_status(page.job_id)
    return None if ended else Wait(0.0)


def due_pages(job_id: int | None = None) -> QuerySet[Page]:
    """Those of the :func:`ready_pages` that do not wait after a transient error."""
    return ready_pages(job_id).filter(Q(not_before=None) | Q(not_before__lte=timezone.now()))


def ready_pages(job_id: int | None = None) -> QuerySet[Page]:
    """Queued pages for cloud engines that wait for nothing but time."""
    held = Suspension.objects.filter(
        Q(service="") | Q(service=OuterRef("job__service")), credential=OuterRef("job__credential")
    )
    pages = Page.objects.filter(
        ~Exists(held),
        status=Page.Status.QUEUED,
        job__status__in=Job.ACTIVE,
        job__engine__in=cloud_engines(),
        job__approved=True,
    )
    return pages if job_id is None else pages.filter(job=job_id)


def _take_next(job_id: int | None) -> _Taken | Wait:
    due = due_pages(job_id)
    jobs = (
        Job.objects.filter(Exists(due.filter(job=OuterRef("pk"))))
        .select_related("owner", "credential")
        .order_by(F("served_at").asc(nulls_first=True), "pk")
    )
    waits = [_until_due(ready_pages(job_id))]
    full: set[tuple[int | None, str]] = set()
    spent: set[int] = set()
    for job in jobs:
        key = (job.credential_id, job.service)
        if key in full or job.owner_id in spent:
            continue
        try:
            taken = _take_page(job, due.filter(job=job))
        except CallCapReached:
            spent.add(job.owner_id)
            continue
        if isinstance(taken, _Taken):
            return taken
        full.add(key)
        waits.append(taken.seconds)
    return Wait(min(waits))


def _until_due(pages: QuerySet[Page]) -> float:
    """Seconds until a page that waits after a transient error is due; ``inf`` without one."""
    now = timezone.now()
    waiting = pages.filter(not_before__gt=now).order_by("not_before")
    first = waiting.values_list("not_before", flat=True).first()
    return (first - now).total_seconds() if first else float("inf")


def _take_page(job: Job, due: QuerySet[Page]) -> _Taken | Wait:
    """Lease a job's next page and take a call slot; a zero wait if other workers were faster."""
    for page in due.order_by("document__position", "number", "part")[:CANDIDATES]:
        slot: CallSlot | None = None
        if _needs_call(page, job):
            assert job.credential is not None  # otherwise nothing is called
            started = acquire_slot(
                credential=job.credential,
                service=job.service,
                user=job.owner,
                lasts_seconds=_lease_seconds(job.credential),
                page_id=page.pk,
            )
            if isinstance(started, Wait):
                return started
            slot = started
        leased = lease(page, seconds=_lease_seconds(job.credential))
        if leased is not None:
            Job.objects.filter(pk=job.pk).update(served_at=timezone.now())
            return _Taken(leased, slot)
        if slot is not None:
            release(slot)
    return Wait(0.0)


def _needs_call(page: Page, job: Job) -> bool:
    if job.credential is None or page.attempts >= MAX_ATTEMPTS:
        return False
    return cached_result(job, request_fingerprint(page, job)) is None


def _lease_seconds(credential: Credential | None) -> float:
    """The duration of a lease, in seconds: longer than all calls of a page can take."""
    if credential is None:
        return 60.0
    # Sending the image may take as long as waiting for the response.
    return CALLS_A_PAGE * (credential.connect_seconds + 2 * credential.read_seconds) + 60.0


def _read(page: Page, slot: CallSlot | None) -> bool:
    """Recognise a leased page; False if it was queued again."""
    job = page.job
    digest = request_fingerprint(page, job)
    try:
        check_attempts(page)
        if job.credential is None:
            raise CredentialRemoved
        earlier = cached_result(job, digest)
        if earlier is not None:
            store_result(page, earlier, digest=digest, reused=True)
        elif slot is None or _is_requested_already(page, digest):
            # Without a slot, the cached result was deleted after the page was leased.
            if slot is not None:
                release(slot)
            pause = random.uniform(*EQUAL_REQUEST_SECONDS)  # noqa: S311  # guards no secret
            requeue(page, after_seconds=pause)
            return False
        else:
            store_result(page, _call_engine(page), digest=digest)
    except CloudThrottled as error:
        logger.info("page %s waits: %s", page.pk, error)
        assert slot is not None  # only a call can be throttled
        record_throttle(slot, int(error.params.get("calls_per_minute", 0)))
        requeue(page)
        return False
    except TransientError as error:
        return _try_later(page, error)
    except CallsSuspended as error:
        logger.warning("calls with credential %s are held: %s", job.credential_id, error.code)
        if job.credential is not None:
            suspend(job.credential, error, job.service)
        requeue(page)
        return False
    except (EngineError, UnknownService) as error:
        fail(page, error)
    return True


def _try_later(page: Page, error: TransientError) -> bool:
    """Queue the page again for later; True if it failed, because no retries are left."""
    if page.retries >= MAX_RETRIES:
        fail(page, error)
        return True
    logger.info("page %s is sent again later: %s", page.pk, error.code)
    pause = FIRST_BACKOFF_SECONDS * 2**page.retries
    pause *= random.uniform(1.0, 1.5)  # noqa: S311  # spreads load, guards no secret
    requeue(page, after_seconds=pause, retries=page.retries + 1)
    return False


def _is_requested_already(page: Page, digest: str) -> bool:
    """True if an equal request is being made for another page of the same user."""
    job = page.job
    if job.bypass_cache:
        return False
    # The rows do not show which of two came first: both may wait, but both must not call.
    equal = Page.objects.filter(
        status=Page.Status.RUNNING,
        digest=page.digest,
        job__owner=job.owner_id,
        job__service=job.service,
    ).exclude(pk=page.pk)
    return any(
        request_fingerprint(other, other.job) == digest for other in equal.select_related("job")
    )


def _call_engine(page: Page) -> PageResult:
    job, credential = page.job, page.job.credential
    if credential is None or not may_use(job.owner, credential):
        raise CredentialRemoved
    service = services_of(job.engine).get(job.service)
    if service is None:
        raise UnknownService(service=job.service)
    cloud = Cloud(
        access=access_of(credential),
        tokens=token_store(credential),
        report=partial(_record_call, page, credential),
    )
    engine = cloud_engine_for(job.engine, cloud)
    try:
        with page.image.open("rb") as file:
            data: bytes = file.read()
            with Image.open(file) as image:
                preprocessed = preprocess(image, Preprocessing.from_dict(job.preprocessing))
                # No file, address or PDF contains the redrawn pixels.
                origin = NO_SOURCE if preprocessed.changed else _origin(page, data)
                return preprocessed.restore(
                    engine.recognise(preprocessed.image, service, job.options, origin)
                )
    except OSError as error:  # the stored image is missing or damaged
        raise EngineError from error


def _origin(page: Page, data: bytes) -> Origin:
    document = page.document
    if page.part:
        return Origin(data=data, dpi=page.dpi)  # half of the source's image
    return Origin(
        data=data,
        address=document.address if document.address and _is_whole(document, data) else "",
        read_pdf=(
            partial(_read_file, document) if document.media_type == "application/pdf" else None
        ),
        pdf_page=page.number,
        dpi=page.dpi,
    )


def _is_whole(document: Document, picture: bytes) -> bool:
    """True if the document's file is the page image itself: not rotated, not converted, and
    not one page of several."""
    return document.size == len(picture) and _read_file(document) == picture


def _read_file(document: Document) -> bytes:
    with document.file.open("rb") as file:
        data: bytes = file.read()
    return data


def _record_call(page: Page, credential: Credential, report: CallReport) -> None:
    record_call(user=page.job.owner, credential=credential, page_id=page.pk, report=report)
    if report.units:
        mark_verified(credential)
