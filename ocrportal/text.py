"""Joining pieces of text, the width and script of characters, and the language of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

_HYPHENS = ("-", "\u2010", "\u00ad")
_WORD_AT_START = re.compile(r"[^\W\d_]+")
_MAX_WORD = 64
"""Letters of the longest word that may be divided."""
_HYPHENATED_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_EMS = {
    **dict.fromkeys("iljI.,:;'|!·", 0.27),
    **dict.fromkeys('ftr()[]{}/\\-"` ', 0.33),
    **dict.fromkeys("mwMW@%—…", 0.83),
    **dict.fromkeys("ABCDEGHKNOPQRSTUVXYZ&", 0.67),
}
"""Widths of narrow and broad characters in proportional fonts."""
_DEFAULT_EMS = 0.52


@cache
def is_wide(char: str) -> bool:
    """True for characters as wide as a Han character (East Asian Width: wide or full-width)."""
    return unicodedata.east_asian_width(char) in "WF"


@cache
def is_han_like(char: str) -> bool:
    """True for characters of scripts written without spaces, and their punctuation.

    These are Han, kana, bopomofo and all full-width forms, but not Hangul, since Korean
    separates words.
    """
    return is_wide(char) and not unicodedata.name(char, "").startswith("HANGUL")


@cache
def is_kana(char: str) -> bool:
    """True for hiragana and katakana, and the mark that prolongs them."""
    return unicodedata.name(char, "").startswith(("HIRAGANA", "KATAKANA"))


def leading_han(text: str) -> int:
    """The number of characters up to the first Han character of a text's first word.

    A line of Han characters can be broken after it. 0 if the word has no Han character.
    """
    word = text.split(maxsplit=1)[0]
    return next((number for number, char in enumerate(word, 1) if is_han_like(char)), 0)


def text_width(text: str) -> float:
    """The width of a text in ems in an average print font."""
    return sum(map(_width, text))


def _width(char: str) -> float:
    if is_han_like(char):
        return 1.0
    if char.isspace() or char in ".,;:'!|()[]":
        return 0.28
    if char.isupper():
        return 0.68
    return 0.46


def columns_of(text: str) -> int:
    """The width of a text in a monospaced font, in columns: a wide character takes two."""
    return sum(2 if is_wide(char) else 1 for char in text)


def ems_of(text: str) -> float:
    """The width of a text in an average proportional font, in ems."""
    return sum(1.0 if is_wide(char) else _EMS.get(char, _DEFAULT_EMS) for char in text)


def glue(before: str, after: str) -> str:
    """The separator of two pieces of running text: a space or an empty string."""
    if not before or not after:
        return ""
    left, right = before[-1], after[0]
    if left.isspace() or right.isspace() or is_han_like(left) or is_han_like(right):
        return ""
    if unicodedata.category(left) in ("Ps", "Pi") or unicodedata.category(right) in ("Pe", "Pf"):
        return ""
    return " "


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The words in the middle of the lines of a page, in lower case, for :func:`join_lines`.

    The last word of each line is left out, since it may be the first half of a word.
    """
    return frozenset(word.lower() for text in texts for word in _HYPHENATED_WORD.findall(text)[:-1])


def join_lines(texts: Iterable[str], known_words: frozenset[str] = frozenset()) -> str:
    """Lines joined to running text, with spaces where needed and without hyphenation.

    A hyphen at the end of a line stays if the page writes that word with a hyphen elsewhere
    (``known_words``), or if no lower-case rest of a word follows.
    """
    joined = ""
    for text in texts:
        head = _word_before_hyphen(joined)
        tail = _WORD_AT_START.match(text)
        if not head or tail is None:
            joined += glue(joined, text) + text
        elif not tail[0][0].islower() or f"{head}-{tail[0]}".lower() in known_words:
            joined += text
        else:
            joined = joined[:-1] + text
    return joined


def _word_before_hyphen(text: str) -> str:
    """The letters before a hyphen at the end of a text, 64 at most; empty without them.

    They are found from the end, since the text may be that of many lines, which may even all end
    with a hyphen.
    """
    if not text.endswith(_HYPHENS):
        return ""
    start = len(text) - 1
    first = max(0, start - _MAX_WORD)
    while start > first and _WORD_AT_START.match(text, start - 1):
        start -= 1
    return text[start:-1]


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
