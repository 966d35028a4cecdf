"""Verification of a written file: whether it contains the recognised text at its positions.

A verification observes the laid-out pages while they are written and keeps the expected text of
an evenly spaced sample. Then it reads the file. No page is laid out again for it, and its time
does not grow with the number of pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from ocrportal.layout.laid_out_page import LaidOutPage

SAMPLE = 20
"""Number of pages of one document that are read back."""
PROBLEMS: dict[str, str | Promise] = {
    "pages-missing": _("The file does not have as many pages as were recognised."),
    "text-differs": _("Some of the recognised text is missing from the file or differs."),
    "text-off-ink": _("Some of the text is not at its printed position."),
    "font-not-embedded": _(
        "A font is not embedded in the file, so it may look different on other devices."
    ),
}
"""The messages for users by code of the problem."""
_SOUND_TEXT = 0.999
_SOUND_PLACES = 0.9


@dataclass(frozen=True, slots=True)
class Score:
    """The result of a verification, measured on the sample."""

    text: float
    """Share of the recognised text that is read back unchanged, 0 to 1."""
    on_ink: float | None
    """Share of the words that are on ink, 0 to 1; None for formats without fixed positions."""
    fonts: bool
    """Whether every font is embedded."""
    problems: tuple[str, ...]
    """Keys of ``PROBLEMS``."""
    looked_at: int
    """Number of pages in the sample."""
    pages: int
    """Number of pages of the document."""
    is_signed: bool = False
    """Whether the file contains the digital signature of its source."""


class Verification(Protocol):
    """Verifies one file; created before the file is written."""

    def __init__(self, page_count: int) -> None: ...

    def observe(self, page: LaidOutPage) -> None:
        """Note the expected text of a page while it is written."""

    def verify(self, file: BinaryIO) -> Score:
        """Read the written file, open at its start."""


def sample_of(page_count: int) -> frozenset[int]:
    """Indices of at most ``SAMPLE`` pages, the first and the last among them."""
    if page_count <= SAMPLE:
        return frozenset(range(page_count))
    return frozenset(round(step * (page_count - 1) / (SAMPLE - 1)) for step in range(SAMPLE))


def score_of(
    *,
    text: float,
    on_ink: float | None,
    fonts: bool,
    pages_match: bool,
    looked_at: int,
    pages: int,
    is_signed: bool = False,
) -> Score:
    """A score with the problems that its values show."""
    found = {
        "pages-missing": not pages_match,
        "text-differs": text < _SOUND_TEXT,
        "text-off-ink": on_ink is not None and on_ink < _SOUND_PLACES,
        "font-not-embedded": not fonts,
    }
    problems = tuple(code for code, is_so in found.items() if is_so)
    return Score(text, on_ink, fonts, problems, looked_at, pages, is_signed)


def worst_of(scores: Sequence[Score]) -> Score:
    """The worst value of each kind over the scores of at least one file."""
    return Score(
        text=min(score.text for score in scores),
        on_ink=min((s.on_ink for s in scores if s.on_ink is not None), default=None),
        fonts=all(score.fonts for score in scores),
        problems=tuple(code for code in PROBLEMS if any(code in s.problems for s in scores)),
        looked_at=sum(score.looked_at for score in scores),
        pages=sum(score.pages for score in scores),
        is_signed=all(score.is_signed for score in scores),
    )
