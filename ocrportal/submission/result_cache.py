"""Earlier results of equal requests, so that the same image is billed once."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db.models import QuerySet

from ocrportal.ingest.base import Preprocessing
from ocrportal.jobs.models import Job, Page, Result
from ocrportal.results import PageResult

_STEP_NAMES = {
    "correct_perspective": "straighten",
    "deskew": "level",
    "downscale": "shrink",
    "enhance_contrast": "contrast",
}
"""The steps as fingerprints name them. Results in the database keep the digests of these names,
so renaming a step here would have the cloud asked, and paid, again."""


def request_fingerprint(page: Page, job: Job) -> str:
    """The SHA-256 that identifies the request for this page: image, engine, service, options.

    Preprocessing steps are part of it only if they redraw the image.
    """
    request: list[Any] = [page.digest, job.engine, job.service, job.options]
    redrawing = Preprocessing.from_dict(job.preprocessing).redrawing
    if redrawing:
        request.append([_STEP_NAMES[step] for step in redrawing])
    text = json.dumps(request, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def cached_result(job: Job, digest: str) -> PageResult | None:
    """The owner's earlier result of an equal request; None if there is none, or it is bypassed.

    Results of other users are never returned.
    """
    if job.bypass_cache:
        return None
    result = _results(job).filter(digest=digest).order_by("-pk").first()
    return result.with_raw if result else None


def count_answered(job: Job, pages: QuerySet[Page]) -> int:
    """How many of ``pages`` need no call: they have an earlier result, or an equal page."""
    if job.bypass_cache:
        return 0
    digests = [request_fingerprint(page, job) for page in pages.only("digest")]
    uncached = set(digests)
    uncached -= set(_results(job).filter(digest__in=uncached).values_list("digest", flat=True))
    return len(digests) - len(uncached)


def _results(job: Job) -> QuerySet[Result]:
    return Result.objects.filter(page__job__owner=job.owner_id)
