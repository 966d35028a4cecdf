"""The pages of a job that deserve a look, as its page lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ocrportal.jobs.doubts import Doubt
from ocrportal.jobs.models import Job, Page

SHOWN = 8
"""Pages that the list shows at first; the rest unfolds."""


@dataclass(frozen=True, slots=True)
class DoubtfulPage:
    """A page with its doubts, the most severe first."""

    page: Page
    doubts: list[Doubt]


def doubts_in(job: Job, pages: Sequence[Page]) -> dict[str, Any]:
    """Context of the list, empty until the job has ended; the most severe doubts first.

    Blank pages are listed apart: they may be as many as the sheets that were printed on one side.
    """
    ended = [] if job.is_active else pages
    doubtful = [
        DoubtfulPage(page, doubts)
        for page in ended
        if page.result is not None and (doubts := page.result.known_doubts)
    ]
    doubtful.sort(key=lambda entry: -entry.doubts[0].severity)
    return {
        "doubtful_pages": doubtful[:SHOWN],
        "more_doubtful_pages": doubtful[SHOWN:],
        "doubtful_count": len(doubtful),
        "blank_pages": [page for page in ended if page.is_blank],
    }
