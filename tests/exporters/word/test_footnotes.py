"""Footnotes of a page as footnotes of Word."""

import zipfile
from dataclasses import replace

from lxml import etree

from ocrportal.exporters.word.document import write_word
from ocrportal.results import Type, TypeRun
from tests.exporters.pages import document, page_of, typed, verified

FULL = "正文的一行总是写到右边为止这样才能看出段落在哪里结束下一行呢"


def _page(text: str, note: str):
    body = typed(FULL, FULL, text, top=900)
    return page_of([*body, *typed(note, top=1200, em=16)])


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


def test_a_footnote_has_the_type_it_is_printed_in(tmp_path):
    *body, note = _page("馆藏的整理①由此开始。", "① 见年度报告。").lines
    runs = (
        TypeRun(0.0, 0.25, Type(16.0)),
        TypeRun(0.25, 0.5, Type(16.0, bold=True)),
        TypeRun(0.5, 1.0, Type(16.0, italic=True)),
    )
    path = tmp_path / "a.docx"
    with path.open("wb") as file:
        write_word(document(page_of([*body, replace(note, runs=runs)])), file)
    with zipfile.ZipFile(path) as package:
        notes = etree.fromstring(package.read("word/footnotes.xml"))
    name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    written = [run for run in notes.iter(f"{name}r") if run.findtext(f"{name}t")]
    bold, italic = (
        "".join(
            run.findtext(f"{name}t") for run in written if run.find(f".//{name}{kind}") is not None
        )
        for kind in "bi"
    )
    assert (bold, italic) == ("见年", "度报告。")
    assert {run.find(f".//{name}sz").get(f"{name}val") for run in written} == {"12"}
