"""The same picture asked about in the same way: it is paid for once."""

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
    """What a cloud engine is asked about this page: SHA-256 of picture, service and options.

    Of the steps between the stored picture and the engine, those count that redraw it; where
    none does, answers from before there were any are found again.
    """
    asked: list[Any] = [page.digest, job.engine, job.service, job.options]
    redrawing = Preprocessing.from_dict(job.preprocessing).redrawing
    if redrawing:
        asked.append([_STEP_NAMES[step] for step in redrawing])
    text = json.dumps(asked, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def cached_result(job: Job, question: str) -> PageResult | None:
    """What the cloud answered this owner's same question before, unless asked to ask anew.

    A stranger's answer is none, even to the same question.
    """
    if job.bypass_cache:
        return None
    result = _answers(job).filter(digest=question).order_by("-pk").first()
    return result.with_raw if result else None


def count_answered(job: Job, pages: QuerySet[Page]) -> int:
    """How many of ``pages`` of this job need no call: answered before, or there twice."""
    if job.bypass_cache:
        return 0
    questions = [request_fingerprint(page, job) for page in pages.only("digest")]
    open_ones = set(questions)
    open_ones -= set(_answers(job).filter(digest__in=open_ones).values_list("digest", flat=True))
    return len(questions) - len(open_ones)


def _answers(job: Job) -> QuerySet[Result]:
    return Result.objects.filter(page__job__owner=job.owner_id)
