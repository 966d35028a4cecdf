"""Completes the text of a file with its page's picture: it is checked, repaired and given tables.

A font can name wrong characters for all its glyphs, which nothing in the file reveals. So a few
lines are read and compared. Characters that the file does not define are read too.
"""

from __future__ import annotations

import io
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

import numpy as np
from PIL import Image

from ocrportal.engines import line_reader
from ocrportal.engines.base import LineReader
from ocrportal.geometry import quad_height, quad_part
from ocrportal.ingest.base import PageImage
from ocrportal.ingest.notes import Note
from ocrportal.printed_type import with_measured_types
from ocrportal.results import UNKNOWN_CHARACTER, UNREAD_CHARACTER, Line, PageResult
from ocrportal.workers.embedded_text.own_tables import with_figures, with_tables

_SAMPLES = 4
_SAMPLES_IN_DOUBT = 8
"""Further lines that are read if one of the first differs."""
_SAMPLE_LETTERS = 16
"""The characters of a sample; more cost time and add no certainty."""
_MIN_LETTERS = 4
"""Fewer agree or differ by chance."""
_MIN_SIMILARITY = 0.5
"""Half-way between right text, which has 0.95 or more on all files that were measured, and text of
a wrong font map, which has 0.2 or less."""
_MIN_CONFIDENCE = 0.8
"""A reading below it, such as of a picture or an ornamental font, disproves nothing."""
_MAX_DIFFERING = 1
"""Differing lines of a page whose text is used: one may be under a stamp."""
_MIN_SPACES = 4
"""Spaces that the samples show, from which a text with less than half of them has lost some."""
_WORD_SPACE = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])", re.ASCII)
"""A space between words. Those beside Chinese characters depend on the reader."""
_READABLE = re.compile(r"LATIN|CJK|HIRAGANA|KATAKANA|DIGIT")
"""The names of the letters that the engine reads. A page of other letters cannot be checked."""


@dataclass(frozen=True, slots=True)
class CheckedText:
    """The outcome of a check."""

    text: PageResult | None
    """The text with all its characters and tables; None if the page must be recognised."""
    notes: tuple[str, ...] = ()


def check_own_text(picture: PageImage, text: PageResult, threads: int) -> CheckedText:
    """The text of a file, if the picture of its page shows the same. Raises EngineError."""
    reader = line_reader(threads)
    with Image.open(io.BytesIO(picture.data)) as image:
        image.load()
        if _differs(reader, image, text.lines):
            return CheckedText(None, (Note.TEXT_DIFFERS.value,))
        lines = _repaired(reader, image, text.lines)
        notes = () if lines == text.lines else (Note.TEXT_REPAIRED.value,)
        typed = with_measured_types(np.asarray(image.convert("RGB")), lines)
        tables = with_tables(replace(text, lines=tuple(typed)), image)
        return CheckedText(with_figures(tables, image), notes)


@dataclass(frozen=True, slots=True)
class _Sample:
    """The beginning of a line and what is read in its place."""

    line: Line
    reading: Line

    @property
    def differs(self) -> bool:
        if self.reading.confidence < _MIN_CONFIDENCE:
            return False
        similarity = SequenceMatcher(
            None, _letters(self.line.text), _letters(self.reading.text), autojunk=False
        ).ratio()
        return similarity < _MIN_SIMILARITY


def _differs(reader: LineReader, image: Image.Image, lines: Sequence[Line]) -> bool:
    """True if the picture shows another text than ``lines``."""
    candidates = [start for start in map(_start, lines) if _is_readable(start)]
    if not candidates:
        return False
    chosen = _spread(candidates, _SAMPLES)
    samples = _read(reader, image, chosen)
    differing = [sample for sample in samples if sample.differs]
    if differing:
        # Lines of the same size are most likely of the same font.
        size = quad_height(differing[0].line.box)
        remaining = [line for line in candidates if line not in chosen]
        remaining.sort(key=lambda line: abs(quad_height(line.box) - size))
        samples += _read(reader, image, remaining[:_SAMPLES_IN_DOUBT])
        differing = [sample for sample in samples if sample.differs]
    if len(differing) > min(_MAX_DIFFERING, len(samples) - 1):
        return True
    shown = sum(len(_WORD_SPACE.findall(sample.reading.text)) for sample in samples)
    given = sum(len(_WORD_SPACE.findall(sample.line.text)) for sample in samples)
    return shown >= _MIN_SPACES and 2 * given < shown


def _read(reader: LineReader, image: Image.Image, starts: Sequence[Line]) -> list[_Sample]:
    readings = reader.read_lines(image, [start.box for start in starts])
    return [_Sample(*pair) for pair in zip(starts, readings, strict=True)]


def _start(line: Line) -> Line:
    """The first characters of a line."""
    chars = line.chars[:_SAMPLE_LETTERS]
    if not chars:  # right to left
        return replace(line, text="")
    return Line("".join(char.text for char in chars), quad_part(line.box, 0, chars[-1].end), 1.0)


def _is_readable(start: Line) -> bool:
    letters = _letters(start.text)
    return len(letters) >= _MIN_LETTERS and all(
        _READABLE.match(unicodedata.name(letter, "")) for letter in letters
    )


def _letters(text: str) -> str:
    """Letters and digits without accents, case and forms of width."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text).casefold()))


def _spread(lines: Sequence[Line], count: int) -> list[Line]:
    """The highest and the lowest line, and further ones in equal distances of text between them."""
    if len(lines) <= count:
        return list(lines)
    by_height = sorted(lines, key=lambda line: quad_height(line.box))
    chosen = [by_height[0], by_height[-1]]
    remaining = [line for line in lines if line not in chosen]
    ends = list(accumulate(len(line.text) for line in remaining))
    inner = count - len(chosen)
    places = [(index + 0.5) / inner * ends[-1] for index in range(inner)]
    return chosen + [remaining[bisect_left(ends, place)] for place in places]


def _repaired(reader: LineReader, image: Image.Image, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines with what is read in place of each unknown character."""
    incomplete = [line for line in lines if UNKNOWN_CHARACTER in line.text]
    readings = reader.read_lines(image, [line.box for line in incomplete])
    complete = {
        id(line): _complete(line, reading)
        for line, reading in zip(incomplete, readings, strict=True)
    }
    return tuple(complete.get(id(line), line) for line in lines)


def _complete(line: Line, reading: Line) -> Line:
    """The line with the characters of a reading where its own are unknown."""
    texts = list(line.text)
    matcher = SequenceMatcher(None, line.text, reading.text, autojunk=False)
    for _, start, end, read_start, read_end in matcher.get_opcodes():
        found = list(reading.text[read_start:read_end])
        if set(texts[start:end]) == {UNKNOWN_CHARACTER} and found:
            # Of several characters side by side it is not known where each ends.
            found = ["".join(found), *[""] * (end - start - 1)]
        elif len(found) != end - start:
            found = [UNREAD_CHARACTER] * (end - start)
        for index, text in zip(range(start, end), found, strict=True):
            if texts[index] == UNKNOWN_CHARACTER:
                texts[index] = text
    # A character can have several letters, and a line from right to left has no characters.
    ends = list(accumulate((len(char.text) for char in line.chars), initial=0))
    completed = ["".join(texts[start:end]) for start, end in pairwise(ends)]
    chars = tuple(
        replace(char, text=text, confidence=1.0 if text == char.text else reading.confidence)
        for char, text in zip(line.chars, completed, strict=True)
        if text
    )
    return replace(line, text="".join(texts), chars=chars)
