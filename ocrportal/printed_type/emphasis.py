"""Which words of a page are bold, and which are italic, compared with most of its text."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import chain, repeat
from statistics import NormalDist, median

from ocrportal.printed_type.strip import Word

_BOLD = math.log(1.32)
"""The usual width of bold strokes divided by that of other ones, as a logarithm."""
_BOLD_SPREAD = (0.14, 0.05)
"""Standard deviation of the logarithm for a single character, and at least, since fonts differ."""
_BLUR = 0.3
"""The exponent by which the strokes of larger type seem narrower."""
_ITALIC = 0.125
"""The usual slant of italic type, as a tangent."""
_ITALIC_SPREAD = (0.06, 0.025)
_CHANGE = 2.5
"""What a change within a line costs, as the logarithm of a probability."""
_MIN_PROBABILITY = 1e-12


def bold_words(lines: Sequence[Sequence[Word]]) -> frozenset[Word]:
    """The words with wider strokes than most words of the page, line by line."""
    usual = _usual(lines, lambda word: word.stroke)
    sizes = _usual(lines, lambda word: word.size)

    def excess(word: Word) -> float:
        # Blur adds to all strokes alike, which is a larger share of those of small type.
        ratio = word.size / sizes[word.is_wide]
        sharp = word.stroke * ratio ** (_BLUR if ratio > 1 else 1.0)
        return math.log(max(sharp, 1e-6) / usual[word.is_wide])

    return frozenset(
        word for words in lines for word in _emphasised(words, excess, _BOLD, _BOLD_SPREAD)
    )


def italic_words(lines: Sequence[Sequence[Word]]) -> frozenset[Word]:
    """The words that slant more to the right than most words of the page, line by line."""
    usual = _usual(lines, lambda word: word.slant)

    def excess(word: Word) -> float:
        return word.slant - usual[word.is_wide]

    return frozenset(
        word for words in lines for word in _emphasised(words, excess, _ITALIC, _ITALIC_SPREAD)
    )


def _usual(lines: Sequence[Sequence[Word]], measure: Callable[[Word], float]) -> dict[bool, float]:
    """The median over all letters, by whether they are wide."""
    values: dict[bool, list[float]] = {}
    for word in chain.from_iterable(lines):
        values.setdefault(word.is_wide, []).extend(repeat(measure(word), word.letters))
    return {wide: median(some) for wide, some in values.items() if some}


def _emphasised(
    words: Sequence[Word],
    excess: Callable[[Word], float],
    expected: float,
    spread: tuple[float, float],
) -> list[Word]:
    """The emphasised words of a line: those of the most likely sequence (Viterbi).

    The ``excess`` of a word is about 0, or ``expected`` if it is emphasised.
    """
    scores = [0.0, 0.0]
    """Of the best sequence that ends with a plain word, and with an emphasised one."""
    steps: list[list[int]] = []
    for word in words:
        of_one, least = spread
        deviation = max(least, of_one / math.sqrt(word.letters or 1))
        step = [
            max((0, 1), key=lambda other: scores[other] - _CHANGE * (other != kind))
            for kind in (0, 1)
        ]
        scores = [
            scores[before]
            - _CHANGE * (before != kind)
            + (_likelihood(excess(word), mean, deviation) if word.letters else 0.0)
            for kind, (before, mean) in enumerate(zip(step, (0.0, expected), strict=True))
        ]
        steps.append(step)
    kind = int(scores[1] > scores[0])
    found = []
    for word, step in zip(reversed(words), reversed(steps), strict=True):
        if kind:
            found.append(word)
        kind = step[kind]
    return found


def _likelihood(value: float, mean: float, deviation: float) -> float:
    return math.log(max(NormalDist(mean, deviation).pdf(value), _MIN_PROBABILITY))
