"""Markers: bullets and numbers of list items, reference marks of footnotes, page numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
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
REFERENCE_MARK = re.compile(
    r"(?P<mark>\d{1,2}|[*＊†‡§¶#]{1,3}|[①-⑳]|[⁰¹²³⁴-⁹]{1,2}|[\[［〔【(（]\d{1,2}[\]］〕】)）])"
    r"[)）]?\s*(?=[^\W\d_]|[“‘「『《〈\"'(（])"
)
"""The reference mark at the start of a footnote."""
PAGE_NUMBER = re.compile(
    r"[-–—~·•\s]*(第\s?\d{1,4}\s?[页頁]([(（,，/\s]*共\s?\d{1,4}\s?[页頁][)）]?)?|(page\s?)?\d{1,4}"
    r"(\s?(/|of)\s?\d{1,4})?|[ivxl]{1,6})[-–—~·•\s]*",
    re.IGNORECASE,
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
_NESTED = re.compile(r"\s*(?P<above>\d{1,3}(\.\d{1,3}){0,2})\.(?P<number>\d{1,3})\.?\s?(?=[^\d\s])")
_ARTICLE = re.compile(r"第(?P<number>[一二三四五六七八九十\d]{1,5})[条條章节節]")
_DIGITS = {sign: value for value, sign in enumerate("一二三四五六七八九", 1)}


@dataclass(frozen=True, slots=True)
class ListMarker:
    """The marker at the start of a list item."""

    style: str
    """``bullet``, ``decimal``, ``chinese``, ``letter``, ``capital`` or ``circled``."""
    before: str
    """The characters before the number, or the bullet itself."""
    after: str
    """The characters after the number; empty for a bullet."""
    number: int
    """Position in the list, from 1; 0 for bullets."""
    length: int
    """Number of characters in the text, with the space after the marker."""


def list_marker(text: str) -> ListMarker | None:
    """The marker at the start of a text; None if a word processor could not number it."""
    if found := _PLAIN_BULLET.match(text):
        return ListMarker("bullet", found["sign"], "", 0, found.end())
    if found := _CIRCLED.match(text):
        return ListMarker("circled", "", "", ord(found["sign"]) - ord("①") + 1, found.end())
    found = _ORDINAL.match(text)
    if found is None:
        return None
    style = next(name for name in ("decimal", "chinese", "letter", "capital") if found[name])
    number = _number(style, found[style])
    if not number:
        return None
    return ListMarker(style, found["before"], found["after"], number, found.end())


def note_number(mark: str) -> int:
    """The number of a reference mark; 0 for a sign such as an asterisk."""
    digits = unicodedata.normalize("NFKC", mark).strip("[]［］〔〕【】()（）")
    return int(digits) if digits.isdigit() else 0


def is_list_item(texts: Sequence[str], index: int) -> bool:
    """Whether one of the paragraphs of a page begins with a list marker.

    A number such as 2.1 is one if the paragraphs beside it have the number before or after it,
    or the first one of the list that it is in.
    """
    text = texts[index]
    if list_marker(text):
        return True
    found = _NESTED.match(text)
    if not found:
        return False
    above, number = found["above"], int(found["number"])
    beside = [
        _NESTED.match(other)
        for other in (*texts[max(index - 1, 0) : index], *texts[index + 1 : index + 2])
    ]
    if any(o and o["above"] == above and abs(int(o["number"]) - number) == 1 for o in beside):
        return True
    return number == 1 and index > 0 and _begins_with(texts[index - 1], above)


def _begins_with(text: str, number: str) -> bool:
    """Whether a text begins with this number of a section."""
    if found := _ARTICLE.match(text):
        return str(_chinese_number(found["number"]) or found["number"]) == number
    return bool(re.match(rf"{re.escape(number)}(?![\d.．]\d|\d)", text))


def _number(style: str, sign: str) -> int:
    if style == "decimal":
        return int(sign)
    if style == "chinese":
        return _chinese_number(sign)
    return ord(sign.lower()) - ord("a") + 1


def _chinese_number(sign: str) -> int:
    """The value of a number up to 99; 0 for a sequence that is not a number, such as 三一."""
    tens, ten, ones = sign.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or not {*tens, *ones} <= _DIGITS.keys():
        return 0
    return (10 * _DIGITS.get(tens, 1) if ten else 0) + _DIGITS.get(ones, 0)
