"""Watermarks: a pale layer of letters over or under the text of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import cv2
import numpy as np

from ocrportal.engines.local.detection import Corners
from ocrportal.engines.local.overprints.masks import Grey, at_least, mask_of, share_of, widened
from ocrportal.ink import Mask

MIN_PALE = 0.002
"""Of the page; less is dust and the shadows of folds."""
MAX_PALE = 0.2
"""Of the page; more is shading, a photo or an uneven background."""
PALE_FROM = 0.45
"""Place between ink (0) and paper (1) from which ink is pale. The letters of a text may be as
grey as this at their edges, which are therefore ignored."""
MIN_CONTRAST = 60
"""Grey values below that of the paper from which ink may be that of the text."""
PAPER_NOISE = 14
"""Grey values below that of the paper that are still paper: noise of the scanner."""
ONE_GREY = 14
"""Grey values around the most frequent one that a watermark, printed in one grey, has."""
MAX_STROKE = 0.04
"""Of the long side; wider pale areas are shaded rather than written."""
LEVEL = 8
"""Degrees; the lines of a text and its rulings have at most this angle, those of most
watermarks a larger one."""
MIN_ORDER = 25.0
"""Variance of the counts of pale pixels across the lines of a watermark, in units of what
scattered pixels have. Noise and photos remain below 20."""
MORE_ORDER = 1.2
"""A watermark has more of it at its own angle than level with the text by this factor."""
SAMPLE = 20_000
"""Pale pixels that are counted; more do not change the order."""
CROSSED = 0.01
"""Share of a line that is an overprint, from which it counts as crossed by it."""
MIN_APART = 4
"""Pale lines between the lines of text, from which a layer that is level with the text, and that
crosses it, is a watermark."""
MIN_LETTERS = 20
"""Connected parts of such a layer; rulings and frames have fewer."""
MIN_LETTER = 12
"""Pixels of a connected part that is not dust."""
MIN_DARK = 0.03
"""Share of a line that is dark if it is text; less of a pale line than a sixth of this is."""

Kind = Literal["tilted", "level"]


def limit_of_dark(grey: Grey, paper: int) -> float | None:
    """The grey value up to which ink is dark; None for a page without dark ink."""
    dark = grey[grey < paper - MIN_CONTRAST]
    if len(dark) < MIN_DARK / 10 * grey.size:
        return None
    black = int(np.percentile(dark, 20))
    return black + PALE_FROM * (paper - black)


def pale_layer(grey: Grey, paper: int, limit: float) -> Mask | None:
    """The strokes in the most frequent grey between ink and paper; None with too few or many."""
    edges = widened(mask_of(grey < limit), 5)
    light = mask_of((grey >= limit) & (grey < paper - PAPER_NOISE) & (edges == 0))
    light = at_least(light, 2)
    if not MIN_PALE <= cv2.countNonZero(light) / light.size <= MAX_PALE:
        return None
    shaded = at_least(light, round(MAX_STROKE * max(grey.shape)))
    light[widened(shaded, 5) > 0] = 0
    counts = np.bincount(grey[light > 0], minlength=256)
    counts = np.convolve(counts, np.ones(5, counts.dtype), "same")
    level = int(counts[: paper - PAPER_NOISE - 4].argmax())
    pale = light & np.asarray(cv2.inRange(grey, level - ONE_GREY, level + ONE_GREY), np.uint8)
    return pale if cv2.countNonZero(pale) >= MIN_PALE / 2 * pale.size else None


def kind_of_watermark(pale: Mask, dark: Mask, boxes: Sequence[Corners], step: int) -> Kind | None:
    """Whether a pale layer is a watermark over these lines, and how it is printed."""
    if _is_tilted(pale):
        return "tilted"
    _, _, stats, _ = cv2.connectedComponentsWithStats(pale)
    if np.count_nonzero(stats[1:, cv2.CC_STAT_AREA] >= MIN_LETTER) < MIN_LETTERS:
        return None
    shares = [(share_of(pale, box, step), share_of(dark, box, step)) for box in boxes]
    crossed = sum(of_pale > CROSSED and of_dark > MIN_DARK for of_pale, of_dark in shares)
    apart = sum(of_pale > CROSSED and of_dark < MIN_DARK / 6 for of_pale, of_dark in shares)
    return "level" if crossed and apart >= MIN_APART else None


def _is_tilted(pale: Mask) -> bool:
    """Whether pale pixels are in lines at an angle to the page, as letters of a watermark are."""
    rows, columns = np.nonzero(pale)
    every = max(1, len(rows) // SAMPLE)
    rows, columns = rows[::every], columns[::every]
    tilted = level = 0.0
    for angle in range(-88, 91, 4):
        turn = np.radians(angle)
        across = rows * np.cos(turn) - columns * np.sin(turn)
        counts = np.bincount(((across - across.min()) / 3).astype(int)).astype(np.float64)
        around = np.asarray(cv2.blur(counts[None], (31, 1)))[0]
        order = float(((counts - around) ** 2).sum() / counts.sum())
        if LEVEL <= abs(angle) <= 90 - LEVEL:
            tilted = max(tilted, order)
        else:
            level = max(level, order)
    return tilted >= max(MIN_ORDER, MORE_ORDER * level)
