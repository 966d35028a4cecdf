"""The references to footnotes: their marks within the text of a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocrportal.layout.blocks import Block, Paragraph
from ocrportal.layout.list_markers import REFERENCE_MARK

_WITH_REFERENCES = ("body", "list_item", "heading")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUPERSCRIPTS = str.maketrans("0123456789", _RAISED)
_BEFORE_DIGIT = r"(?<=[^\W\d_]|(?<!\d)[.,;:!?\"”’)）。，；：！？」』》])"
_SMALLER = 0.8
"""Type size of a mark, divided by that of its paragraph, at most."""
_MIN_WORD = 3
"""Letters of a word that a plain digit may follow as a mark, at least: CO2 and A1 are names."""
_MAX_WORD = 40
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_AFTER_DIGIT = (
    r"(?=$|[\s.,;:)，。；：、）」』》]|[\u4e00-\u9fff](?<![年月日时分秒个条项页章节层号]))"
)
"""A digit that is a mark follows a word or its punctuation, and no unit follows it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The place of a reference mark in the text of a block, and its footnote."""

    start: int
    end: int
    note: int
    """The index of the footnote among the blocks of the page."""


def references_of(blocks: Sequence[Block]) -> dict[int, list[Reference]]:
    """The references to footnotes in the blocks of a page, by the index of the block.

    A footnote whose mark is not found in the text or several times has none, and neither have
    footnotes with the same mark. Where the file gives the type, a mark in smaller type is certain:
    it may follow a number.
    """
    with_references = [
        (index, block)
        for index, block in enumerate(blocks)
        if isinstance(block, Paragraph) and block.kind in _WITH_REFERENCES
    ]
    texts = [(index, block.text) for index, block in with_references]
    small = [(index, *run) for index, block in with_references for run in _small_runs(block)]
    found: dict[int, list[Reference]] = {}
    marks = [note_mark(block) for block in blocks]
    times = Counter(marks)
    for note, mark in enumerate(marks):
        if not mark or times[mark] > 1:
            continue
        places = [(i, start, start + len(text)) for i, start, text in small if text == mark]
        if len(places) != 1:
            pattern = _reference(mark)
            places = [
                (i, m.start(), m.end())
                for i, text in texts
                for m in pattern.finditer(text)
                if _may_be_before(text[: m.start()], m[0])
            ]
        if len(places) == 1:
            ((index, start, end),) = places
            found.setdefault(index, []).append(Reference(start, end, note))
    return {i: apart for i, references in found.items() if (apart := _apart(references))}


def _small_runs(block: Paragraph) -> Iterator[tuple[int, str]]:
    """The start and the text of the parts of a paragraph that are in smaller type than the rest."""
    lengths: Counter[float] = Counter()
    for run in block.runs:
        lengths[run.type.size] += len(run.text)
    usual = max(lengths, key=lengths.__getitem__, default=0.0)
    start = 0
    for run in block.runs:
        if run.type.size < _SMALLER * usual:
            yield start + len(run.text) - len(run.text.lstrip()), run.text.strip()
        start += len(run.text)


def _apart(references: Sequence[Reference]) -> list[Reference]:
    """The references in the order of the text, without those that share characters."""
    shared = Counter(at for ref in references for at in range(ref.start, ref.end))
    apart = (ref for ref in references if all(shared[at] == 1 for at in range(ref.start, ref.end)))
    return sorted(apart, key=lambda ref: ref.start)


def _may_be_before(text: str, mark: str) -> bool:
    """Whether a mark may follow this text: a plain digit may be the end of a name."""
    word = _LAST_WORD.search(text[-_MAX_WORD:])
    if word is None or not (mark.isascii() and mark.isdigit()):
        return True
    has_case = word[0].lower() != word[0].upper()
    return not has_case or (len(word[0]) >= _MIN_WORD and word[0].islower())


def note_mark(block: Block) -> str:
    """The reference mark of a footnote; empty for a block that is not one, or has none."""
    if not isinstance(block, Paragraph) or block.kind != "footnote":
        return ""
    match = REFERENCE_MARK.match(block.text)
    return match["mark"] if match else ""


def _reference(mark: str) -> re.Pattern[str]:
    """The mark within a text, not at its start."""
    if mark.isascii() and mark.isdigit():
        raised = re.escape(mark.translate(_SUPERSCRIPTS))
        return re.compile(
            f"(?<=[^{_RAISED}]){raised}(?![{_RAISED}])|{_BEFORE_DIGIT}{mark}{_AFTER_DIGIT}"
        )
    sign = _RAISED if mark[0] in _RAISED else re.escape(mark[0])
    return re.compile(f"(?<=[^{sign}]){re.escape(mark)}(?!{sign})")
