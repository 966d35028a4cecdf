"""Removal of an earlier text layer, and contents that must be kept."""

import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from ocrportal.exporters.pdf.old_text import decoded_data, remove_old_text
from tests.exporters.pdfs import scan_pdf

BOX = (0, 0, 420, 595)
OLD = b"q BT 3 Tr /F1 9 Tf 1 0 0 1 5 5 Tm (old) Tj ET Q BT /F1 9 Tf (seen) Tj ET"


def _contents(pdf: pikepdf.Pdf) -> bytes:
    return b"".join(part.read_bytes() for part in _parts(pdf))


def _parts(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    contents = pdf.pages[0].obj.Contents
    return contents.as_list() if isinstance(contents, Array) else [contents]


def _with(contents: bytes) -> pikepdf.Pdf:
    """A scan with further contents after its picture."""
    pdf = scan_pdf()
    pdf.pages[0].obj.Contents = Array([pdf.pages[0].obj.Contents, pdf.make_stream(contents)])
    return pdf


def test_invisible_text_is_removed_and_visible_text_is_kept():
    pdf = _with(OLD)
    remove_old_text(pdf, pdf.pages[0], BOX)
    assert b"(old)" not in _contents(pdf)
    assert b"(seen) Tj" in _contents(pdf)
    assert b"/Im Do" in _contents(pdf)


def test_the_text_mode_ends_with_its_graphics_state():
    pdf = _with(b"q 3 Tr q 0 Tr BT (a) Tj ET Q BT (b) ' [(c)] TJ ET Q BT (d) Tj ET")
    remove_old_text(pdf, pdf.pages[0], BOX)
    kept = _contents(pdf)
    assert [letter in kept for letter in (b"(a)", b"(b)", b"(c)", b"(d)")] == [
        True, False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("contents", "is_kept"),
    [
        (b"q BT 7 Tr /F1 9 Tf (old) Tj ET Q", False),
        (b"BT 7 Tr /F1 9 Tf (old) Tj ET", False),
        (b"q BT 7 Tr /F1 9 Tf (old) Tj ET 0 0 9 9 re f Q", True),
        (b"q BT 7 Tr /F1 9 Tf (old) Tj ET Q 0 0 9 9 re f", False),
    ],
    ids=["ended", "open", "painted through", "painted afterwards"],
)
def test_text_that_only_clips_is_removed_unless_something_is_painted_through_it(contents, is_kept):
    pdf = _with(contents)
    remove_old_text(pdf, pdf.pages[0], BOX)
    assert (b"(old)" in _contents(pdf)) is is_kept


TEXT = b"BT /F1 9 Tf 1 0 0 1 50 50 Tm (under) Tj ET "


@pytest.mark.parametrize(
    ("before", "is_kept"),
    [
        (TEXT, False),
        (TEXT + b"0 0 420 595 re W n", False),
        (TEXT + b"0 0 420 40 re W n", True),
        (TEXT + b"9 9 m 99 9 l 9 99 l W n", True),
        (TEXT + b"/Pale gs", True),
        (TEXT + b"q /Pale gs Q", False),
        (TEXT + b"0.2 0 0 0.2 0 0 cm", True),
        (b"BT /F1 9 Tf 1 0 0 1 90 50 Tm (under) Tj ET 0.26 0 0 1 0 0 cm", True),
        (b"BT /F1 9 Tf 1 0 0 1 90 50 Tm 0 -20 Td [(u)-9(nder)] TJ ET", False),
    ],
    ids=[*("whole", "clip", "small clip", "other clip", "pale", "opaque again", "elsewhere"),
         *("partly", "array")],
)  # fmt: skip
def test_text_under_an_opaque_picture_is_removed(before, is_kept):
    pdf = scan_pdf(before=before)
    resources = pdf.pages[0].obj.Resources
    resources.ExtGState = Dictionary(Pale=Dictionary(ca=0.5))
    remove_old_text(pdf, pdf.pages[0], BOX)
    assert (b"nder)" in _contents(pdf)) is is_kept


@pytest.mark.parametrize("entry", ["/SMask", "/Mask", "/ImageMask"])
def test_text_under_a_transparent_picture_is_kept(entry):
    pdf = scan_pdf(before=TEXT)
    pdf.pages[0].obj.Resources.XObject.Im[entry] = True
    remove_old_text(pdf, pdf.pages[0], BOX)
    assert b"(under)" in _contents(pdf)


def test_invisible_text_in_a_form_is_removed():
    pdf = scan_pdf()
    form = Stream(pdf, OLD)
    form.stream_dict = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    pdf.pages[0].obj.Resources.XObject.Old = pdf.make_indirect(form)
    remove_old_text(pdf, pdf.pages[0], BOX)
    assert b"(old)" not in pdf.pages[0].obj.Resources.XObject.Old.read_bytes()


def test_contents_without_invisible_text_are_unchanged():
    pdf = scan_pdf()
    before = pdf.pages[0].obj.Contents.objgen
    remove_old_text(pdf, pdf.pages[0], BOX)
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
