"""Removal of an earlier text layer, and contents that must be kept."""

import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from ocrportal.exporters.pdf.old_text import decoded_data, remove_old_text
from tests.exporters.pdfs import scan_pdf

OLD = b"q BT 3 Tr /F1 9 Tf 1 0 0 1 5 5 Tm (old) Tj ET Q BT /F1 9 Tf (seen) Tj ET"


def _contents(pdf: pikepdf.Pdf) -> bytes:
    return b"".join(part.read_bytes() for part in _parts(pdf))


def _parts(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    contents = pdf.pages[0].obj.Contents
    return contents.as_list() if isinstance(contents, Array) else [contents]


def test_invisible_text_is_removed_and_visible_text_is_kept():
    pdf = scan_pdf(before=OLD)
    remove_old_text(pdf, pdf.pages[0])
    assert b"(old)" not in _contents(pdf)
    assert b"(seen) Tj" in _contents(pdf)
    assert b"/Im Do" in _contents(pdf)


def test_the_text_mode_ends_with_its_graphics_state():
    pdf = scan_pdf(before=b"q 3 Tr q 0 Tr BT (a) Tj ET Q BT (b) ' [(c)] TJ ET Q BT (d) Tj ET")
    remove_old_text(pdf, pdf.pages[0])
    kept = _contents(pdf)
    assert [letter in kept for letter in (b"(a)", b"(b)", b"(c)", b"(d)")] == [
        True, False, False, True,
    ]  # fmt: skip


def test_invisible_text_in_a_form_is_removed():
    pdf = scan_pdf()
    form = Stream(pdf, OLD)
    form.stream_dict = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    pdf.pages[0].obj.Resources.XObject.Old = pdf.make_indirect(form)
    remove_old_text(pdf, pdf.pages[0])
    assert b"(old)" not in pdf.pages[0].obj.Resources.XObject.Old.read_bytes()


def test_contents_without_invisible_text_are_unchanged():
    pdf = scan_pdf()
    before = pdf.pages[0].obj.Contents.objgen
    remove_old_text(pdf, pdf.pages[0])
    assert pdf.pages[0].obj.Contents.objgen == before


@pytest.mark.parametrize(
    ("data", "filters"),
    [
        (zlib.compress(bytes(5_000_000)), Name.FlateDecode),
        (zlib.compress(zlib.compress(b"x")), Array([Name.FlateDecode, Name.FlateDecode])),
        (b"no such data", Name.FlateDecode),
        (b"x", Name.LZWDecode),
    ],
    ids=["bomb", "twice", "damaged", "rare"],
)
def test_large_contents_and_unusual_filters_are_not_read(data, filters):
    pdf = pikepdf.Pdf.new()
    assert decoded_data(Stream(pdf, data, Filter=filters)) is None


def test_the_common_filters_are_decoded():
    pdf = pikepdf.Pdf.new()
    spelled = Array([Name.ASCIIHexDecode, Name.FlateDecode])
    assert decoded_data(Stream(pdf, b"q Q")) == b"q Q"
    assert decoded_data(Stream(pdf, zlib.compress(b"q Q"), Filter=Name.FlateDecode)) == b"q Q"
    assert (
        decoded_data(Stream(pdf, zlib.compress(b"q").hex().encode() + b">", Filter=spelled)) == b"q"
    )
