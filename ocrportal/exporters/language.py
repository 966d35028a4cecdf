"""The language a file declares, so that readers aloud and spell checkers fit."""

from __future__ import annotations

from collections.abc import Iterable


class LanguageCount:
    """Counts the scripts of a document's texts as they pass by."""

    def __init__(self) -> None:
        self._han = 0
        self._letters = 0

    def add(self, text: str) -> None:
        """Take a text into account."""
        self._han += sum("\u4e00" <= char <= "\u9fff" for char in text)
        self._letters += sum(char.isalpha() for char in text)

    @property
    def tag(self) -> str:
        """``zh-CN`` or ``en-US``: Chinese stays Chinese with many foreign names in it."""
        return "zh-CN" if 8 * self._han > self._letters else "en-US"


def language_of(texts: Iterable[str]) -> str:
    """The language tag of some texts together."""
    count = LanguageCount()
    for text in texts:
        count.add(text)
    return count.tag
