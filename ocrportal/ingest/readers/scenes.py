"""Detects when the picture of a video changes in a way that can be new text.

Pictures are reduced to small grey ones and compared block by block. A changed line of text
makes a row (or a column, in vertical writing) of changed blocks; a cursor, a clock or noise
does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_Blocks = NDArray[np.bool_]

_SMALL_PIXELS = 640 * 360
_BLOCK = 12
"""Pixels of the small picture per side: two lines of small print on a screen."""
_CHANGE = 4.0
"""Mean difference of a block (of 255) from which it has changed. Compression causes 2, three
pale words of small print cause 6."""
_TEXTURE = 5.0
"""Standard deviation of a block (of 255) from which it can contain text."""
_RUN = 3
"""The number of adjacent changed blocks that can be text; a cursor covers at most two."""
_EDGE = 60
"""Difference in brightness (of 255) at the edge of a letter, in the small picture."""
_SAME_EDGE = 24
_OTHER_EDGE = 40
"""Difference of an edge pixel (of 255) while the letter stays, or after it has changed."""
_EDGES_OF_TEXT = 0.08
"""Share of edge pixels in a block with text."""
_MOVING_SECONDS = 1.5
"""Minimum time between two pictures during motion, such as a film behind subtitles."""
_RESTLESS_SECONDS = 5.0
"""The same while everything moves, such as a panning camera."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """A reduced picture for comparison."""

    seconds: float
    grey: NDArray[np.uint8]
    textured: _Blocks


@dataclass(frozen=True, slots=True)
class _Difference:
    """The blocks in which two pictures differ."""

    appeared: _Blocks
    """Changed blocks with content in the later picture."""
    disappeared: _Blocks
    """Changed blocks with content in the earlier picture."""

    @property
    def can_be_text(self) -> bool:
        # Separately: the old and the new place of a moving cursor are adjacent.
        return _has_run(self.appeared) or _has_run(self.disappeared)


class SceneChanges:
    """Decides for each picture of a video in turn whether to keep it.

    A picture is kept once it is still: the last one of a fade or of typing. A picture that
    appears again later is kept again.
    """

    def __init__(self) -> None:
        self._kept: _Sample | None = None
        self._kept_at = -_RESTLESS_SECONDS
        self._before: _Sample | None = None
        self._before_that: _Sample | None = None
        self._since: float | None = None
        """When the current picture, if it is to be kept, became still."""

    def check(self, picture: NDArray[Any], seconds: float, *, lasting: bool) -> float | None:
        """Return the time at which a picture (BGR) to keep appeared; None to skip it.

        ``lasting`` is True if the picture remains visible for more than two samples.
        """
        now, before, before_that = _sample(picture, seconds), self._before, self._before_that
        self._before, self._before_that = now, before
        if not _difference(self._kept, now).can_be_text:
            self._since = None
            return None
        if self._since is None or _difference(before, now).can_be_text:
            self._since = seconds
        else:
            return self._keep(now, self._since)
        if lasting:
            return self._keep(now, seconds)
        if before is None or before_that is None:
            return None
        # Something moves, but subtitles can be still.
        elapsed = seconds - self._kept_at
        samples = (before_that, before, now)
        if elapsed >= _MOVING_SECONDS and _holds_new_text(self._kept, *samples):
            return self._keep(now, before_that.seconds)
        return self._keep(now, seconds) if elapsed >= _RESTLESS_SECONDS else None

    def _keep(self, sample: _Sample, since: float) -> float:
        self._kept, self._kept_at, self._since = sample, sample.seconds, None
        return since


def _sample(picture: NDArray[Any], seconds: float) -> _Sample:
    height, width = picture.shape[:2]
    shrink = min(1.0, (_SMALL_PIXELS / (width * height)) ** 0.5)
    across = max(_RUN, round(width * shrink / _BLOCK))
    down = max(_RUN, round(height * shrink / _BLOCK))
    size = (across * _BLOCK, down * _BLOCK)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    mean = _block_means(grey.astype(np.float32))
    spread = _block_means(np.square(grey.astype(np.float32))) - np.square(mean)
    return _Sample(seconds, grey, spread > _TEXTURE**2)


def _block_means(values: NDArray[np.float32]) -> NDArray[np.float32]:
    down, across = values.shape[0] // _BLOCK, values.shape[1] // _BLOCK
    means: NDArray[np.float32] = values.reshape(down, _BLOCK, across, _BLOCK).mean(axis=(1, 3))
    return means


def _difference(before: _Sample | None, now: _Sample) -> _Difference:
    if before is None or before.grey.shape != now.grey.shape:
        every = np.ones_like(now.textured)
        return _Difference(appeared=every, disappeared=every)
    changed = _block_means(cv2.absdiff(before.grey, now.grey).astype(np.float32)) > _CHANGE
    return _Difference(appeared=changed & now.textured, disappeared=changed & before.textured)


def _holds_new_text(kept: _Sample | None, *samples: _Sample) -> bool:
    """True if strong edges, missing in the kept picture, are still in all samples.

    Letters are such edges, even if the background moves.
    """
    now = samples[-1]
    if kept is None or any(each.grey.shape != now.grey.shape for each in (kept, *samples)):
        return False
    still = np.logical_and.reduce([_edges(each) for each in samples])
    for each in samples[:-1]:
        still &= cv2.absdiff(each.grey, now.grey) < _SAME_EDGE
    fresh = still & (cv2.absdiff(kept.grey, now.grey) > _OTHER_EDGE)
    return _has_run(_block_means(fresh.astype(np.float32)) > _EDGES_OF_TEXT)


def _edges(sample: _Sample) -> _Blocks:
    steps = cv2.morphologyEx(sample.grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    return np.asarray(steps > _EDGE)


def _has_run(blocks: _Blocks) -> bool:
    """True if enough blocks are adjacent in a row or in a column."""
    across = np.lib.stride_tricks.sliding_window_view(blocks, _RUN, axis=1)
    down = np.lib.stride_tricks.sliding_window_view(blocks, _RUN, axis=0)
    return bool(across.all(axis=-1).any() or down.all(axis=-1).any())
