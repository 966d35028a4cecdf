"""Recognised text without the words that a page shows itself."""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from ocrportal.exporters.pdf.original import write_into_original
from ocrportal.exporters.pdf.own_text.visible_text import VisibleCharacter, VisibleText, _alone
from ocrportal.exporters.pdf.type_box import FittedLine
from ocrportal.geometry import Rect
from ocrportal.text import ems_of
from tests.exporters.pdfs import WORDS, read_as, saved, scan_pdf, with_text


def _set(text: str, left: float = 0.0, white: float = 0.1) -> list[VisibleCharacter]:
    """Characters of type size 20 from ``left``, with this share of white at their right."""
    found, order = [], 0
    for character in text:
        width = 20 * ems_of(character)
        order += 1 + (character == " ")
        if character != " ":
            box = Rect(left, 0.0, left + (1 - white) * width, 20.0)
            found.append(VisibleCharacter(character, box, order))
        left += width
    return found


def _lacking(text: str, shown: list[VisibleCharacter], width: float = 400.0) -> list[str]:
    line = FittedLine(text, Rect(0.0, 0.0, width, 20.0).quad)
    return [part.text for part in VisibleText(shown).lacking(line)]


def test_the_places_of_words_need_not_be_exact():
    text = "till it fills, MAMMOTHS WAMBLE MOSTLY 1/l i"
    shown = _set(text)
    width = shown[-1].box.right
    assert _lacking(text, shown, width) == []
    assert _lacking(text, shown, 1.1 * width) == []


def test_white_between_the_letters_is_covered_by_them():
    text = "wide letters"
    assert _lacking(text, _set(text, white=0.5), 20 * ems_of(text)) == []


def test_only_the_words_that_the_page_lacks_are_added():
    text = "Date of birth 12.03.1998 Gender male"
    before, after = "Date of birth ", " Gender male"
    start = 20 * ems_of(before)
    assert _lacking(text, _set("12.03.1998", start), 20 * ems_of(text)) == [
        before.strip(), after.strip(),
    ]  # fmt: skip


def test_the_text_of_a_place_with_far_more_characters_is_another_one():
    assert _lacking("word", _set("word") * 20, 20 * ems_of("word")) == ["word"]


def test_only_what_the_contents_use_is_read_for_the_text_of_a_page():
    pdf = scan_pdf()
    with_text(pdf, b"BT /F1 18.2 Tf 1 0 0 1 105 332 Tm (%b) Tj ET" % WORDS.encode())
    font = Stream(pdf, bytes(200_000))
    pdf.pages[0].obj.Resources.Font.Other = Dictionary(Type=Name.Font, File=font)
    form = Stream(pdf, bytes(200_000), Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 1, 1])
    pdf.pages[0].obj.Resources.XObject.Other = pdf.make_indirect(form)
    alone = _alone(pdf, pdf.pages[0], (0, 0, 420, 595))
    assert len(alone.getvalue()) < 2_000


def test_a_page_without_a_size_keeps_its_text():
    pdf = Pdf.new()
    pdf.add_blank_page(page_size=(612, 792))
    page = pdf.pages[0].obj
    page.Contents = pdf.make_stream(b"BT /F1 9 Tf 9 9 Td (seen) Tj ET")
    page.Resources = Dictionary(
        Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    )
    del page.MediaBox
    out = io.BytesIO()
    write_into_original(read_as(saved(pdf), size=(1224, 1584)), out, archival=False)
    with pikepdf.open(out) as written:
        assert isinstance(written.pages[0].obj.Contents, Array)
