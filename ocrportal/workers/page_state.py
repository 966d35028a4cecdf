"""The end of the lease on a page: its result is stored, it fails, or it is queued again."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from ocrportal.errors.base import PortalError
from ocrportal.jobs import leases
from ocrportal.jobs.doubts import doubts_of, stored_doubts
from ocrportal.jobs.losses import structure_of
from ocrportal.jobs.models import Page, Result
from ocrportal.results import PageResult, storable
from ocrportal.workers.embedded_text.passages import with_passages

logger = logging.getLogger(__name__)


def add_result(
    page: Page, result: PageResult, *, engine: str, digest: str = "", reused: bool = False
) -> Result:
    """Add a result to a page, with the passages that its document lacks on its pages.

    Characters that a database cannot store are removed.
    """
    result = with_passages(page, result)
    return Result.objects.create(
        page=page,
        service=page.job.service,
        engine=engine,
        confidence=result.confidence,
        rotation=result.rotation,
        doubts=stored_doubts(doubts_of(result)),
        structure=structure_of(result),
        data=storable(result.to_dict()),
        raw=storable(result.raw),
        digest=digest,
        reused=reused,
    )


@transaction.atomic
def store_result(page: Page, result: PageResult, *, digest: str = "", reused: bool = False) -> None:
    """Add the result and make it the current one, if the page is still owned.

    Otherwise a result with a ``digest`` is added nevertheless: the call was billed, and an equal
    request may follow.
    """
    is_owned = leases.owned(page).select_for_update().first() is not None
    if not is_owned:
        logger.info("page %s was cancelled or leased again meanwhile", page.pk)
        # Locked, so that the page is not deleted before the result points to it.
        here = Page.objects.select_for_update(no_key=True).filter(pk=page.pk).exists()
        if not digest or reused or not here:
            return
    kept = add_result(page, result, engine=page.job.engine, digest=digest, reused=reused)
    if is_owned:
        leases.end(
            page,
            Page.Status.DONE,
            result=kept,
            error_code="",
            error_params={},
            not_before=None,
        )


def fail(page: Page, error: PortalError) -> None:
    """End the page with this error, if it is still owned."""
    logger.warning("page %s failed: %s", page.pk, error.code)
    leases.fail(page, error)


def requeue(page: Page, *, after_seconds: float = 0.0, retries: int | None = None) -> None:
    """Queue the page again, if it is still owned.

    It is leased again no earlier than ``after_seconds`` from now; ``retries`` is the number of
    times that it was sent again so far.
    """
    later = timezone.now() + dt.timedelta(seconds=after_seconds)
    leases.release(
        page,
        retries=page.retries if retries is None else retries,
        not_before=later if after_seconds else None,
    )
