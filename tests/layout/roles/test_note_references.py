"""The references to footnotes in the text of a page."""

import pytest

from ocrportal.layout.blocks import Paragraph, TextRun
from ocrportal.layout.roles.note_references import Reference, references_of
from ocrportal.results import Type


def _found(text: str, note: str) -> list[str]:
    blocks = [Paragraph((), text), Paragraph((), note, "footnote")]
    return [text[ref.start : ref.end] for refs in references_of(blocks).values() for ref in refs]


@pytest.mark.parametrize(
    ("text", "note", "mark"),
    [
        ("馆藏的整理①由此开始。", "① 见年度报告。", "①"),
        ("The rooms were dry.1 The rest was lost.", "1 See the minutes.", "1"),
        ("The rooms were dry² and cold.", "2 See the minutes.", "²"),
        ("A note* here, a second** there.", "* See the minutes.", "*"),
        ("A note* here, a second** there.", "** See the minutes.", "**"),
    ],
)
def test_the_mark_of_a_footnote_is_found_in_the_text(text, note, mark):
    assert _found(text, note) == [mark]


@pytest.mark.parametrize(
    "text",
    [
        *("In 1921 it had 1 room.", "共有1个房间。", "a1, and b1, twice", "x"),
        *("Use CO1 as the gas.", "We had Windows1, and more.", "See figure A1.", "In 3.1 we see."),
    ],
)
def test_numbers_and_ambiguous_marks_are_no_references(text):
    assert _found(text, "1 See the minutes.") == []


def test_a_mark_of_several_footnotes_is_not_a_reference():
    notes = [Paragraph((), f"* See the {name} book.", "footnote") for name in ("first", "second")]
    assert references_of([Paragraph((), "A note* here."), *notes]) == {}


def test_a_raised_number_is_one_mark():
    notes = [Paragraph((), f"{mark} See there.", "footnote") for mark in (1, 12)]
    assert references_of([Paragraph((), "A note¹² here."), *notes]) == {0: [Reference(6, 8, 2)]}


def test_two_footnotes_have_no_reference_at_the_same_place():
    notes = [Paragraph((), f"{mark} See there.", "footnote") for mark in "1¹"]
    assert references_of([Paragraph((), "A note¹ here."), *notes]) == {}


@pytest.mark.parametrize(
    ("sizes", "places"), [((11, 6.5, 11, 11), [(23, 24)]), ((11, 6.5, 11, 6.5), []), ((0,) * 4, [])]
)
def test_a_single_number_in_smaller_type_is_a_mark_also_after_a_number(sizes, places):
    parts = ("The books end with 1903", "1", " and weigh m", "1")
    runs = tuple(TextRun(text, Type(size)) for text, size in zip(parts, sizes, strict=True))
    blocks = [Paragraph((), "".join(parts), runs=runs), Paragraph((), "1 See there.", "footnote")]
    found = references_of(blocks).get(0, [])
    assert [(ref.start, ref.end) for ref in found] == places
