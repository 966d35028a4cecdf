"""The marks with which list items begin: bullets, and numbers of every kind."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BULLETS = "•·●○◦▪■□◆◇►▶※★☆✓*\\-–—"
BULLET = re.compile(rf"\s*[{_BULLETS}]\s?\S")
NUMBER = re.compile(
    r"""\s*(
        [(（]?\d{1,3}[)）.．、]\s?\D            # 1.  (1)  1、
      | \d{1,3}(\.\d{1,3}){1,3}\.?\s?[^\d\s]    # 1.2  1.2.3
      | [(（]?[一二三四五六七八九十百]{1,4}[)）、.．]  # 一、 （二）
      | [(（]?[A-Za-z][)）.．、]\s?\S             # a) A.
      | 第[一二三四五六七八九十百零〇\d]{1,5}[章节節条條款项項部篇]
      | [①-⑳]
    )""",
    re.VERBOSE,
)
_ORDINAL = re.compile(
    r"""(?P<before>[(（]?)
        (?: (?P<decimal>\d{1,3})(?!\d|[.．]\d) | (?P<chinese>[一二三四五六七八九十百]{1,4})
          | (?P<letter>[a-z]) | (?P<capital>[A-Z]) )
        (?P<after>[)）.．、])\s*(?=\S)""",
    re.VERBOSE,
)
_PLAIN_BULLET = re.compile(rf"(?P<sign>[{_BULLETS}])\s*(?=\S)")
_CIRCLED = re.compile(r"(?P<sign>[①-⑳])\s*(?=\S)")
_DIGITS = {sign: value for value, sign in enumerate("一二三四五六七八九", 1)}


@dataclass(frozen=True, slots=True)
class Mark:
    """What an item begins with."""

    style: str
    """``bullet``, ``decimal``, ``chinese``, ``letter``, ``capital`` or ``circled``."""
    before: str
    """What stands before the number; a bullet stands here itself."""
    after: str
    number: int
    """Its place in the list, from 1; 0 for bullets."""
    length: int
    """Characters of the text that it takes, the blank behind it included."""


def mark_of(text: str) -> Mark | None:
    """The mark at the beginning of a text, if it is one that a word processor can count."""
    if found := _PLAIN_BULLET.match(text):
        return Mark("bullet", found["sign"], "", 0, found.end())
    if found := _CIRCLED.match(text):
        return Mark("circled", "", "", ord(found["sign"]) - ord("①") + 1, found.end())
    found = _ORDINAL.match(text)
    if found is None:
        return None
    style = next(name for name in ("decimal", "chinese", "letter", "capital") if found[name])
    number = _number(style, found[style])
    if not number:
        return None
    return Mark(style, found["before"], found["after"], number, found.end())


def _number(style: str, sign: str) -> int:
    if style == "decimal":
        return int(sign)
    if style == "chinese":
        return _chinese_number(sign)
    return ord(sign.lower()) - ord("a") + 1


def _chinese_number(sign: str) -> int:
    """Up to 99, as lists go; 0 for what is no number, such as 三一."""
    tens, ten, ones = sign.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or not {*tens, *ones} <= _DIGITS.keys():
        return 0
    return (10 * _DIGITS.get(tens, 1) if ten else 0) + _DIGITS.get(ones, 0)
