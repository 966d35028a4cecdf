"""Joining pieces of text with or without a space, scripts, and the language of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_WORD_BEFORE_HYPHEN = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_WORD_AT_START = re.compile(r"[^\W\d_]+")
_HYPHENATED_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def is_han_like(char: str) -> bool:
    """True for characters of scripts written without blanks, and their punctuation.

    Han, kana, bopomofo and every full-width form. Not Hangul: Korean separates words.
    """
    return unicodedata.east_asian_width(char) in "WF" and not unicodedata.name(char, "").startswith(
        "HANGUL"
    )


def glue(before: str, after: str) -> str:
    """The blank, or nothing, that belongs between two pieces of running text."""
    if not before or not after:
        return ""
    left, right = before[-1], after[0]
    if left.isspace() or right.isspace() or is_han_like(left) or is_han_like(right):
        return ""
    if unicodedata.category(left) in ("Ps", "Pi") or unicodedata.category(right) in ("Pe", "Pf"):
        return ""
    return " "


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The words a page uses in the middle of its lines, to judge its hyphens by.

    The last word of each line is left out, since it may be the first half of a word.
    """
    return frozenset(word.lower() for text in texts for word in _HYPHENATED_WORD.findall(text)[:-1])


def join_lines(texts: Iterable[str], known_words: frozenset[str] = frozenset()) -> str:
    """Running text made of printed lines: blanks where needed, hyphenation undone.

    A hyphen at a line's end stays only if the page writes that very word with a hyphen
    elsewhere, or if what follows is not the small-letter rest of a word.
    """
    joined = ""
    for text in texts:
        head = _WORD_BEFORE_HYPHEN.search(joined)
        tail = _WORD_AT_START.match(text)
        if head is None or tail is None:
            joined += glue(joined, text) + text
        elif not tail[0][0].islower() or f"{head[1]}-{tail[0]}".lower() in known_words:
            joined += text
        else:
            joined = joined[:-1] + text
    return joined


class LanguageCount:
    """Counts the scripts of texts, to find the language that a document declares."""

    def __init__(self) -> None:
        self._han = 0
        self._letters = 0

    def add(self, text: str) -> None:
        """Count the characters of a text."""
        self._han += sum("\u4e00" <= char <= "\u9fff" for char in text)
        self._letters += sum(char.isalpha() for char in text)

    @property
    def tag(self) -> str:
        """``zh-CN`` if at least an eighth of the letters are Han, else ``en-US``."""
        return "zh-CN" if 8 * self._han > self._letters else "en-US"


def language_of(texts: Iterable[str]) -> str:
    """The language tag of several texts together."""
    count = LanguageCount()
    for text in texts:
        count.add(text)
    return count.tag
