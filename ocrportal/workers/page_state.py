"""What becomes of a page in hand: its result is kept, it fails, or it goes back in line.

Each is one conditional change that holds only as long as the claim does.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from ocrportal.errors import PortalError
from ocrportal.jobs import leases
from ocrportal.jobs.models import Page, Result
from ocrportal.results import PageResult, storable

logger = logging.getLogger(__name__)


def add_result(
    page: Page, result: PageResult, *, engine: str, digest: str = "", reused: bool = False
) -> Result:
    """Add a result to a page, whichever engine gave it, as far as a database can keep it."""
    return Result.objects.create(
        page=page,
        service=page.job.service,
        engine=engine,
        confidence=result.confidence,
        rotation=result.rotation,
        data=storable(result.to_dict()),
        raw=storable(result.raw),
        digest=digest,
        reused=reused,
    )


@transaction.atomic
def keep(page: Page, result: PageResult, *, digest: str = "", reused: bool = False) -> None:
    """Add the result and make it the page's current one, if the claim still holds.

    If the page was cancelled or taken over meanwhile, an answer that was asked for under a
    ``digest`` is added all the same: it was paid for, and the same question may come again.
    """
    is_owned = leases.owned(page).select_for_update().first() is not None
    if not is_owned:
        logger.info("page %s was cancelled or taken over meanwhile", page.pk)
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
    """The page ends with this error, if the claim still holds."""
    logger.warning("page %s failed: %s", page.pk, error.code)
    leases.fail(page, error)


def put_back(page: Page, *, after_seconds: float = 0.0, retries: int | None = None) -> None:
    """The page waits for its turn again, if the claim still holds.

    No earlier than ``after_seconds`` from now; ``retries`` is how often it was sent again
    so far. An attempt that ends like this says nothing against the page.
    """
    later = timezone.now() + dt.timedelta(seconds=after_seconds)
    leases.release(
        page,
        retries=page.retries if retries is None else retries,
        not_before=later if after_seconds else None,
    )
