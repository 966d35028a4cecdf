"""Full-width punctuation in Chinese text, which the network often reads as half-width."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ocrportal.engines.local.recognition import TextRegion
from ocrportal.results import Char
from ocrportal.text import is_han_like

FULL_WIDTH = {":": "：", ",": "，", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）"}
OF_COLUMNS = {**FULL_WIDTH, "’": "，", "'": "，"}
"""In vertical text a comma is at the right of its column, which is at the top of the strip."""


def with_punctuation(region: TextRegion) -> TextRegion:
    """A line of text whose punctuation between Han characters is full-width."""
    start, end = region.corners[:2]
    is_column = abs(end[1] - start[1]) > abs(end[0] - start[0])
    chars = full_width(region.reading.chars, OF_COLUMNS if is_column else FULL_WIDTH)
    text = "".join(char.text for char in chars)
    return TextRegion(region.corners, replace(region.reading, text=text, chars=tuple(chars)))


def full_width(chars: Sequence[Char], forms: Mapping[str, str]) -> list[Char]:
    """The characters of a line, with the full-width ``forms`` of those between Han characters.

    At an end of the line the one neighbour decides. So times, numbers, addresses and English words
    in Chinese text keep theirs. Brackets are changed in pairs.
    """
    texts = [char.text for char in chars]
    before = _neighbours(texts)
    after = _neighbours(reversed(texts))[::-1]
    changed = {
        index
        for index, text in enumerate(texts)
        if text in forms and _is_chinese(before[index], after[index])
    }
    for start, end in _pairs(texts):
        is_apart = all(
            not text or text == " " or is_han_like(text) for text in (before[start], after[end])
        )
        pair = {start, end}
        if changed & pair and is_apart:
            changed |= pair
        else:
            changed -= pair
    return [
        replace(char, text=forms[char.text]) if index in changed else char
        for index, char in enumerate(chars)
    ]


def _neighbours(texts: Iterable[str]) -> list[str]:
    """What is before each text; symbols, such as check boxes, are passed over."""
    found = []
    last = ""
    for text in texts:
        found.append(last)
        if unicodedata.category(text) != "So":
            last = text
    return found


def _is_chinese(before: str, after: str) -> bool:
    present = [text for text in (before, after) if text]
    return bool(present) and all(map(is_han_like, present))


def _pairs(texts: Sequence[str]) -> list[tuple[int, int]]:
    """The positions of half-width brackets that belong together."""
    pairs, opened = [], []
    for index, text in enumerate(texts):
        if text == "(":
            opened.append(index)
        elif text == ")" and opened:
            pairs.append((opened.pop(), index))
    return pairs
