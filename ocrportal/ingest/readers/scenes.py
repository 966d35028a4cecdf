"""When the picture of a video changes in a way that can be new text.

Pictures are compared as small grey ones, block by block. A changed line of text makes a row
(or a column, in vertical writing) of changed blocks; a cursor, a clock or noise does not.
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
"""Side in pixels of the small picture: two lines of small print on a screen."""
_CHANGE = 4.0
"""Mean difference of a block (of 255) from which it has changed. Compression makes 2, three
pale words of small print 6."""
_TEXTURE = 5.0
"""Deviation within a block (of 255) from which there can be something to read in it."""
_RUN = 3
"""Changed blocks side by side that can be text; a cursor covers two at most."""
_EDGE = 60
"""Step in brightness (of 255) at the edge of a letter, in the small picture."""
_SAME_EDGE = 24
_OTHER_EDGE = 40
"""How much a pixel at an edge differs (of 255) while the letter stays, or once it is gone."""
_EDGES_OF_TEXT = 0.08
"""Share of the pixels of a block that lie at the edges of letters where there is text."""
_MOVING_SECONDS = 1.5
"""Least time between two pictures while something moves, a film behind subtitles say."""
_RESTLESS_SECONDS = 5.0
"""The same while nothing at all comes to rest: a camera that pans."""


@dataclass(frozen=True, slots=True)
class _Look:
    """A picture as it is compared."""

    seconds: float
    grey: NDArray[np.uint8]
    textured: _Blocks


@dataclass(frozen=True, slots=True)
class _Difference:
    """How two pictures differ, as blocks."""

    came: _Blocks
    """Those that hold something now."""
    went: _Blocks
    """Those that held something before."""

    @property
    def can_be_text(self) -> bool:
        # Both apart: a cursor that moves a little leaves a gap beside the place it takes.
        return _has_run(self.came) or _has_run(self.went)


class SceneChanges:
    """Says of one picture of a video after the other whether it is worth keeping.

    A picture is kept once it is still again: the last of a fade or of typing. One that comes
    back later is kept again, since its text is on the screen again.
    """

    def __init__(self) -> None:
        self._kept: _Look | None = None
        self._kept_at = -_RESTLESS_SECONDS
        self._before: _Look | None = None
        self._before_that: _Look | None = None
        self._since: float | None = None
        """When what is seen now, and is worth keeping, came to rest."""

    def see(self, picture: NDArray[Any], seconds: float, *, lasting: bool) -> float | None:
        """The time since which a picture (BGR) worth keeping is seen; None if it is not.

        ``lasting`` says that it stays on the screen for long, whatever comes after it.
        """
        now, before, before_that = _look(picture, seconds), self._before, self._before_that
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
        # Something moves, but subtitles may rest upon it.
        elapsed = seconds - self._kept_at
        looks = (before_that, before, now)
        if elapsed >= _MOVING_SECONDS and _holds_new_text(self._kept, *looks):
            return self._keep(now, before_that.seconds)
        return self._keep(now, seconds) if elapsed >= _RESTLESS_SECONDS else None

    def _keep(self, look: _Look, since: float) -> float:
        self._kept, self._kept_at, self._since = look, look.seconds, None
        return since


def _look(picture: NDArray[Any], seconds: float) -> _Look:
    height, width = picture.shape[:2]
    shrink = min(1.0, (_SMALL_PIXELS / (width * height)) ** 0.5)
    across = max(_RUN, round(width * shrink / _BLOCK))
    down = max(_RUN, round(height * shrink / _BLOCK))
    size = (across * _BLOCK, down * _BLOCK)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    mean = _block_means(grey.astype(np.float32))
    spread = _block_means(np.square(grey.astype(np.float32))) - np.square(mean)
    return _Look(seconds, grey, spread > _TEXTURE**2)


def _block_means(values: NDArray[np.float32]) -> NDArray[np.float32]:
    down, across = values.shape[0] // _BLOCK, values.shape[1] // _BLOCK
    means: NDArray[np.float32] = values.reshape(down, _BLOCK, across, _BLOCK).mean(axis=(1, 3))
    return means


def _difference(before: _Look | None, now: _Look) -> _Difference:
    if before is None or before.grey.shape != now.grey.shape:
        every = np.ones_like(now.textured)
        return _Difference(came=every, went=every)
    changed = _block_means(cv2.absdiff(before.grey, now.grey).astype(np.float32)) > _CHANGE
    return _Difference(came=changed & now.textured, went=changed & before.textured)


def _holds_new_text(kept: _Look | None, *looks: _Look) -> bool:
    """Whether strong edges stay in their places in all looks that were not in the kept one.

    So do letters, whatever moves between and behind them.
    """
    now = looks[-1]
    if kept is None or any(look.grey.shape != now.grey.shape for look in (kept, *looks)):
        return False
    resting = np.logical_and.reduce([_edges(look) for look in looks])
    for look in looks[:-1]:
        resting &= cv2.absdiff(look.grey, now.grey) < _SAME_EDGE
    fresh = resting & (cv2.absdiff(kept.grey, now.grey) > _OTHER_EDGE)
    return _has_run(_block_means(fresh.astype(np.float32)) > _EDGES_OF_TEXT)


def _edges(look: _Look) -> _Blocks:
    steps = cv2.morphologyEx(look.grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    return np.asarray(steps > _EDGE)


def _has_run(blocks: _Blocks) -> bool:
    """Whether some blocks stand side by side, or one below the other."""
    across = np.lib.stride_tricks.sliding_window_view(blocks, _RUN, axis=1)
    down = np.lib.stride_tricks.sliding_window_view(blocks, _RUN, axis=0)
    return bool(across.all(axis=-1).any() or down.all(axis=-1).any())
