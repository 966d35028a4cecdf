"""Footnotes of a page as footnotes of Word."""

import zipfile

import pytest
from lxml import etree

from ocrportal.exporters.word.document import write_word
from ocrportal.exporters.word.footnotes import Reference, references_of
from ocrportal.layout.blocks import Paragraph
from tests.exporters.pages import document, page_of, typed, verified

FULL = "正文的一行总是写到右边为止这样才能看出段落在哪里结束下一行呢"


def _page(text: str, note: str):
    body = typed(FULL, FULL, text, top=900)
    return page_of([*body, *typed(note, top=1200, em=16)])


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


def test_a_footnote_with_a_reference_is_a_footnote_of_word(tmp_path):
    path = tmp_path / "a.docx"
    with path.open("wb") as file:
        write_word(document(_page("馆藏的整理①由此开始。", "① 见年度报告。")), file)
    with zipfile.ZipFile(path) as package:
        body, notes = (
            etree.fromstring(package.read(f"word/{name}.xml")) for name in ("document", "footnotes")
        )
    name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    assert "见年度报告" not in "".join(body.itertext())
    assert "整理①由此" in "".join(body.itertext())
    assert "".join(notes.itertext()) == "① 见年度报告。"
    (reference,) = body.iter(f"{name}footnoteReference")
    assert reference.get(f"{name}id") == notes[-1].get(f"{name}id") == "1"


def test_a_footnote_without_a_reference_stays_after_the_text(tmp_path):
    path = tmp_path / "a.docx"
    with path.open("wb") as file:
        write_word(document(_page("馆藏的整理由此开始。", "① 见年度报告。")), file)
    with zipfile.ZipFile(path) as package:
        assert "word/footnotes.xml" not in package.namelist()
        assert "见年度报告" in package.read("word/document.xml").decode()


def test_the_verification_reads_footnotes_too():
    page = _page("馆藏的整理①由此开始。", "① 见年度报告。")
    assert verified(document(page), "docx").text == 1.0
