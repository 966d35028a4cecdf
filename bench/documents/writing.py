"""Random texts in one language, reproducible for a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from types import ModuleType
from typing import TypeVar

from bench.documents.language import chinese, english, japanese

LANGUAGES: dict[str, ModuleType] = {"zh": chinese, "en": english, "ja": japanese}
Choice = TypeVar("Choice")
_SLOT = re.compile(r"\{(\w+)\}")


class Writer:
    """Writes sentences, headings, names and numbers in one language."""

    def __init__(self, chance: random.Random, language: str, turn: int = 0) -> None:
        """``turn`` numbers the documents of a kind, so that the first few have all its layouts."""
        self.chance = chance
        self.language = language
        self._turn = turn
        self._pool = LANGUAGES[language]
        self._unused: dict[str, list[str]] = {}

    @property
    def is_english(self) -> bool:
        return self.language == "en"

    def sentence(self) -> str:
        """A sentence; none is repeated before all have been used."""
        return self._filled(self._next("SENTENCES"))

    def passage(self, fewest: int, most: int) -> str:
        """Between ``fewest`` and ``most`` sentences."""
        space = " " if self.is_english else ""
        return space.join(self.sentence() for _ in range(self.chance.randint(fewest, most)))

    def title(self) -> str:
        """The title of a document."""
        title = self._filled(self._next("TITLES"))
        return title[0].upper() + title[1:]

    def heading(self) -> str:
        """The heading of a section."""
        return self._next("HEADINGS")

    def goods(self) -> str:
        """Something that is sold."""
        return self._next("GOODS")

    def subject(self) -> str:
        """A row of a financial statement."""
        return self._next("SUBJECTS")

    def verse(self) -> str:
        """A line of a poem."""
        return self._next("VERSES")

    def word(self, slot: str) -> str:
        """A word for a slot of the sentences, such as ``org`` or ``place``."""
        return self._fill(slot)

    def name(self) -> str:
        """The name of a person."""
        if self.language != "zh":
            return self._fill("person")
        given = "".join(self.chance.sample(chinese.GIVEN, self.chance.choice((1, 2, 2))))
        return self.chance.choice(chinese.FAMILY) + given

    def pick(self, *choices: str) -> str:
        """One of these texts."""
        return self.chance.choice(choices)

    def by_turn(self, choices: Sequence[Choice]) -> Choice:
        """One of these layouts, each in its turn."""
        return choices[self._turn % len(choices)]

    def either(self, english: str, chinese: str, japanese: str = "") -> str:
        """The text of the writer's language; the Chinese one serves for Japanese too by default."""
        return {"en": english, "zh": chinese, "ja": japanese or chinese}[self.language]

    def number(self, low: int, high: int) -> int:
        """A whole number."""
        return self.chance.randint(low, high)

    def money(self, low: int = 1, high: int = 99_999) -> str:
        """An amount with two decimals and separated thousands."""
        return f"{self.chance.randint(low * 100, high * 100) / 100:,.2f}"

    def date(self) -> str:
        """A date in the form that is common in the language."""
        year, month, day = (self.number(2005, 2025), self.number(1, 12), self.number(1, 28))
        if not self.is_english:
            return f"{year}年{month}月{day}日"
        months = (
            "January February March April May June July August September October November December"
        )
        return f"{day} {months.split()[month - 1]} {year}"

    def code(self, letters: int, digits: int) -> str:
        """An identifier of capital letters followed by digits."""
        # I, O and Q are left out: they are printed like 1 and 0.
        alphabet = "ABCDEFGHJKLMNPRSTUVWXYZ"
        return "".join(self.chance.choices(alphabet, k=letters)) + "".join(
            self.chance.choices("0123456789", k=digits)
        )

    def _next(self, pool: str) -> str:
        unused = self._unused.get(pool)
        if not unused:
            every: Sequence[str] = getattr(self._pool, pool)
            unused = self._unused[pool] = self.chance.sample(every, len(every))
        return unused.pop()

    def _filled(self, template: str) -> str:
        text = _SLOT.sub(lambda slot: self._fill(slot[1]), template)
        return text[0].upper() + text[1:]

    def _fill(self, slot: str) -> str:
        match slot:
            case "percent":
                percent = f"{self.chance.randint(11, 899) / 10}"
                return f"{percent} per cent" if self.is_english else f"{percent}%"
            case "number":
                return f"{self.chance.randint(120, 98_000):,}".replace(
                    ",", "," if self.is_english else ""
                )
            case "count":
                return str(self.chance.randint(2, 19))
            case _:
                words: dict[str, tuple[str, ...]] = self._pool.WORDS
                return self.chance.choice(words[slot])
