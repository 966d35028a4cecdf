"""A page drawn as lines of text, and as the boxes that a detector would report for them."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.quality.sentences import CHINESE, ENGLISH
from ocrportal.results import Line, PageResult
from ocrportal.text import ems_of, is_han_like

BOX_HEIGHT = 1.35
"""Height of a detector's box, in ems."""
BOX_MARGIN = 0.25
"""White that a detector's box has before and after the text, in ems."""
NAMES = {
    "zh": ("张三", "李建国", "王芳", "赵六", "陈小明", "欧阳娜", "刘洋", "孙丽", "周杰", "吴天明"),
    "en": ("Smith", "Johnson", "Lee", "Garcia", "Miller", "Davis", "Moreno", "Wilson", "Fischer"),
}
TERMS = {
    "zh": (
        *("总则", "组织机构", "采购经费", "开放时间", "借阅规则"),
        *("电子资源", "志愿服务", "设备更新", "年度计划", "附录"),
    ),
    "en": (
        *("Overview", "Opening hours", "Budget", "Members", "Digital lending", "Repairs"),
        *("Annual plan", "Notes", "Reading rooms", "Staff", "Contact", "Collections"),
    ),
}


@dataclass(frozen=True, slots=True)
class Printed:
    """A line of text with its edges and type size, in pixels."""

    text: str
    left: float
    middle: float
    width: float
    em: float


@dataclass(slots=True)
class Sheet:
    """A page being drawn: its lines in the order in which they are read."""

    random: random.Random
    language: str
    width: float = 1240
    height: float = 1754
    em: float = 20
    lines: list[Printed] = field(default_factory=list)

    def put(self, text: str, left: float, middle: float, em: float | None = None) -> float:
        """Print a line and return its right edge."""
        em = em or self.em
        width = ems_of(text) * em
        self.lines.append(Printed(text, left, middle, width, em))
        return left + width

    def centred(self, text: str, center: float, middle: float, em: float | None = None) -> None:
        """Print a line around the center of a column."""
        self.put(text, center - ems_of(text) * (em or self.em) / 2, middle, em)

    def rows(self, texts: Iterable[str], left: float, top: float, pitch: float) -> float:
        """Print lines below each other and return the top of what follows."""
        for text in texts:
            self.put(text, left, top + pitch / 2)
            top += pitch
        return top

    def paragraphs(
        self,
        texts: Iterable[str],
        left: float,
        width: float,
        top: float,
        *,
        em: float | None = None,
        pitch: float = 1.5,
        bottom: float = float("inf"),
        indent: float = 0.0,
        gap: float = 0.0,
    ) -> float:
        """Print justified paragraphs down to ``bottom`` and return the top of what follows.

        ``pitch``, ``indent`` and ``gap`` (between paragraphs) are in ems.
        """
        em = em or self.em
        for text in texts:
            rows = wrapped(text, width / em, indent)
            for number, row in enumerate(rows):
                if top + pitch * em > bottom:
                    return top
                start = left + (indent * em if number == 0 else 0)
                last = number == len(rows) - 1
                room = left + width - start
                natural = ems_of(row) * em
                full = natural if last and natural < room else room
                self.lines.append(Printed(row, start, top + pitch * em / 2, full, em))
                top += pitch * em
            top += gap * em
        return top

    def column(self, left: float, width: float, top: float, bottom: float, **style: float) -> None:
        """Fill a column with paragraphs."""
        while top + style.get("pitch", 1.5) * style.get("em", self.em) <= bottom:
            sentences = self.random.choice([2, 3, 5])
            top = self.paragraphs([self.prose(sentences)], left, width, top, bottom=bottom, **style)

    def prose(self, sentences: int) -> str:
        """Sentences of running text, each different."""
        source = CHINESE if self.language == "zh" else ENGLISH
        chosen = [self._altered(self.random.choice(source)) for _ in range(sentences)]
        return ("" if self.language == "zh" else " ").join(chosen)

    def term(self) -> str:
        """A heading, an entry or a label."""
        text = self._altered(self.random.choice(TERMS[self.language]))
        return text.capitalize() if self.language == "en" else text

    def name(self) -> str:
        return self._altered(self.random.choice(NAMES[self.language]))

    def amount(self) -> str:
        return f"{self.random.uniform(0, 10 ** self.random.randint(1, 6)):,.2f}"

    def _altered(self, text: str) -> str:
        """The text with some characters replaced, so that no two lines are alike."""
        letters = (
            "的一是在不了有和人这中大为上个国我以要他" if self.language == "zh" else "aeioulnrst"
        )
        return "".join(
            self.random.choice(letters)
            if char.isalpha() and not char.isupper() and self.random.random() < 0.3
            else char
            for char in text
        )

    @property
    def is_chinese(self) -> bool:
        return self.language == "zh"

    def page(self) -> tuple[PageResult, list[str]]:
        """The page as an engine reports it, and the text of its lines in reading order."""
        slope = self.random.choice([0, 0, self.random.uniform(-0.004, 0.004)])
        found = []
        for line in self.lines:
            for text, left, width in _pieces(self.random, line):
                margin, half = BOX_MARGIN * line.em, BOX_HEIGHT * line.em / 2
                shake = self.random.uniform(-0.06, 0.06) * line.em
                start, end = left - margin, left + width + margin
                a, b = line.middle + slope * start + shake, line.middle + slope * end + shake
                box = ((start, a - half), (end, b - half), (end, b + half), (start, a + half))
                found.append(Line(text, box, 1.0))
        found.sort(key=lambda line: (round(line.box[0][1] / 12), line.box[0][0]))
        page = PageResult(int(self.width), int(self.height), lines=tuple(found))
        return page, [line.text for line in self.lines]


def _pieces(chance: random.Random, line: Printed) -> list[tuple[str, float, float]]:
    """A line as the detector reports it: split at a wide space now and then."""
    whole = (line.text, line.left, line.width)
    stretched = line.width / (ems_of(line.text) * line.em)
    words = line.text.split(" ")
    if stretched < 1.12 or len(words) < 4 or chance.random() < 0.7:
        return [whole]
    at = chance.randrange(1, len(words) - 1)
    before, after = " ".join(words[:at]), " ".join(words[at:])
    split = line.width * ems_of(before) / ems_of(line.text)
    rest = line.width * ems_of(after) / ems_of(line.text)
    return [(before, line.left, split), (after, line.left + line.width - rest, rest)]


def wrapped(text: str, width: float, indent: float = 0.0) -> list[str]:
    """The rows of a paragraph, ``width`` ems wide; the first is narrower by ``indent``."""
    rows, row, room = [], "", width - indent
    units = list(text) if is_han_like(text[0]) else [f"{word} " for word in text.split()]
    for unit in units:
        if row and ems_of((row + unit).rstrip()) > room and unit not in "，。、":
            rows.append(row.rstrip())
            row, room = "", width
        row += unit
    return [*rows, row.rstrip()]
