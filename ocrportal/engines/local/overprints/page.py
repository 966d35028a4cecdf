"""The overprints of a page, and the page without them.

An overprint is lighter than the ink of the text in some channel: a red seal in red, a pale
watermark and a seal in a grey scan in every one. Scaled so that the overprint becomes white
there, the text remains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrportal.engines.local.detection import Corners
from ocrportal.engines.local.models import Pixels
from ocrportal.engines.local.overprints.coloured import (
    Box,
    coloured_ink,
    coloured_marks,
    is_frame,
    is_seal,
)
from ocrportal.engines.local.overprints.grey import VANISHED_IN_GREY, grey_ink, grey_seals, is_grey
from ocrportal.engines.local.overprints.masks import Grey, mask_of, share_of, widened
from ocrportal.engines.local.overprints.pale import (
    CROSSED,
    PAPER_NOISE,
    Kind,
    kind_of_watermark,
    limit_of_dark,
    pale_layer,
)
from ocrportal.geometry import Rect
from ocrportal.ink import Mask

LONG_SIDE = 1200
"""Pages are searched at about this size: every n-th pixel, since averages mix ink and paper."""
INK_OF_SEAL = 20
"""Percentile of the brightness of a seal, in its brightest channel, that becomes white. Darker
is where the seal crosses text."""
REMAINING = 0.75
"""Share of the brightness of the paper, below which ink remains on the page without overprints."""
VANISHED = 0.35
"""Share of a line's ink that remains without the overprint, up to which the line is part of it.
The box of a line may reach into its neighbours."""


@dataclass(frozen=True, slots=True)
class Overprints:
    """The overprints of a page. The masks are of every ``step``-th pixel."""

    clean: Pixels
    """The page without them, and without other coloured marks over its text."""
    seals: list[Rect]
    frames: list[Rect]
    """Seals whose outline is a level rectangle: they may be notices in a frame."""
    watermark: Kind | None
    ink: Mask
    """Where overprints are."""
    before: Mask
    """Where the page has ink."""
    after: Mask
    """Where it still has ink without the overprints."""
    step: int
    vanished: float
    """Share of a line's ink that remains without the overprint, up to which it is part of it."""

    def cross(self, box: Corners) -> bool:
        """Whether the ink of an overprint is within a box."""
        return share_of(self.ink, box, self.step) > CROSSED

    def contain(self, box: Corners) -> bool:
        """Whether most that is printed in a box is an overprint."""
        before = share_of(self.before, box, self.step)
        return share_of(self.after, box, self.step) <= self.vanished * before


def find_overprints(image: Pixels, boxes: Sequence[Corners]) -> Overprints | None:
    """The seals and the watermark of a page with these lines; None if it has neither."""
    step = max(1, round(max(image.shape[:2]) / LONG_SIDE))
    small = np.ascontiguousarray(image[::step, ::step])
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
    paper = _paper(grey)
    without_colours = is_grey(small)
    coloured, marks = _marks(small, grey, paper, without_colours=without_colours)
    pale, watermark = _watermark(grey, paper, boxes, step)
    if not marks and pale is None:
        return None
    ink, clean, after = np.zeros_like(grey), image.copy(), grey.copy()
    if pale is not None:
        levels = _levels(int(grey[pale > 0].min()), paper)
        clean = np.asarray(cv2.LUT(clean, levels), np.uint8)
        after = np.asarray(cv2.LUT(after, levels), np.uint8)
        ink = widened(pale, 7)  # with the gaps that letters of the text make in it
    for left, top, right, bottom in marks:
        part = slice(top, bottom), slice(left, right)
        full = slice(top * step, bottom * step), slice(left * step, right * step)
        stained = coloured[part] > 0
        channel = int(np.median(small[part][stained], axis=0).argmax())
        of_mark = small[part][..., channel]
        levels = _levels(int(np.percentile(of_mark[stained], INK_OF_SEAL)), paper)
        clean[full] = levels[image[full][..., channel]][..., None]
        after[part] = levels[of_mark]
        ink[part] |= coloured[part]
    seals = [box for box in marks if is_seal(coloured, box)]
    return Overprints(
        clean=clean,
        seals=[Rect(*box).scaled(step) for box in seals],
        frames=[Rect(*box).scaled(step) for box in seals if is_frame(coloured, box)],
        watermark=watermark,
        ink=ink,
        before=mask_of(grey < paper - PAPER_NOISE),
        after=mask_of(after < paper * REMAINING),
        step=step,
        vanished=VANISHED_IN_GREY if without_colours else VANISHED,
    )


def _marks(
    small: Pixels, grey: Grey, paper: int, *, without_colours: bool
) -> tuple[Mask, list[Box]]:
    """The ink of seals and other marks of one colour, and their boxes; of a grey scan its seals."""
    coloured = coloured_ink(small)
    limit = limit_of_dark(grey, paper) if without_colours else None
    if limit is None:
        return coloured, coloured_marks(small, grey, coloured, paper)
    between = grey_ink(grey, paper, limit)
    return between, grey_seals(between)


def _watermark(
    grey: Grey, paper: int, boxes: Sequence[Corners], step: int
) -> tuple[Mask, Kind] | tuple[None, None]:
    limit = limit_of_dark(grey, paper)
    pale = None if limit is None else pale_layer(grey, paper, limit)
    if pale is None or limit is None:
        return None, None
    kind = kind_of_watermark(pale, mask_of(grey < limit), boxes, step)
    return (pale, kind) if kind else (None, None)


def _paper(grey: Grey) -> int:
    """The most frequent grey value of the brighter half."""
    levels = np.bincount(grey.ravel(), minlength=256)
    around = np.convolve(levels, np.ones(5, levels.dtype), "same")
    return 128 + int(around[128:].argmax())


def _levels(white: int, paper: int) -> NDArray[np.uint8]:
    """A table of brightness, in which ``white`` and what is brighter becomes paper."""
    values = np.arange(256)
    scaled = values * (paper / max(white, 1))
    return np.asarray(np.minimum(scaled, np.maximum(paper, values)), np.uint8)
