"""Removal of an earlier text layer, and contents that must be kept."""

import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from ocrportal.exporters.pdf.own_text.old_text import remove_old_text
from ocrportal.exporters.pdf.page_contents import decoded_data
from tests.exporters.pdfs import scan_pdf, with_text

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
    with_text(pdf, contents)
    return pdf


def test_invisible_text_is_removed_and_visible_text_is_kept():
    pdf = _with(OLD)
    remove_old_text(pdf, pdf.pages[0], BOX, {})
    assert b"(old)" not in _contents(pdf)
    assert b"(seen) Tj" in _contents(pdf)
    assert b"/Im Do" in _contents(pdf)


def test_the_text_mode_ends_with_its_graphics_state():
    pdf = _with(b"q 3 Tr q 0 Tr BT (a) Tj ET Q BT (b) ' [(c)] TJ ET Q BT (d) Tj ET")
    remove_old_text(pdf, pdf.pages[0], BOX, {})
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
    remove_old_text(pdf, pdf.pages[0], BOX, {})
    assert (b"(old)" in _contents(pdf)) is is_kept


def _under_the_scan(contents: bytes) -> pikepdf.Pdf:
    """A scan over further contents."""
    pdf = scan_pdf(before=contents)
    with_text(pdf, b"")
    return pdf


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
    pdf = _under_the_scan(before)
    resources = pdf.pages[0].obj.Resources
    resources.ExtGState = Dictionary(Pale=Dictionary(ca=0.5))
    remove_old_text(pdf, pdf.pages[0], BOX, {})
    assert (b"nder)" in _contents(pdf)) is is_kept


@pytest.mark.parametrize("entry", ["/SMask", "/Mask", "/ImageMask"])
def test_text_under_a_transparent_picture_is_kept(entry):
    pdf = _under_the_scan(TEXT)
    pdf.pages[0].obj.Resources.XObject.Im[entry] = True
    remove_old_text(pdf, pdf.pages[0], BOX, {})
    assert b"(under)" in _contents(pdf)


def test_invisible_text_in_a_form_is_removed():
    pdf = _with(b"/Old Do")
    form = Stream(pdf, OLD)
    form.stream_dict = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    pdf.pages[0].obj.Resources.XObject.Old = pdf.make_indirect(form)
    remove_old_text(pdf, pdf.pages[0], BOX, {})
    assert b"(old)" not in pdf.pages[0].obj.Resources.XObject.Old.read_bytes()


def test_contents_without_invisible_text_are_unchanged():
    pdf = scan_pdf()
    before = pdf.pages[0].obj.Contents.objgen
    remove_old_text(pdf, pdf.pages[0], BOX, {})
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


def _kept(contents: bytes, setup=lambda pdf, page: None) -> bool:
    """Whether text that a page shows is kept when hidden text is removed."""
    pdf = _with(contents)
    setup(pdf, pdf.pages[0].obj)
    remove_old_text(pdf, pdf.pages[0], BOX, {})
    forms = pdf.pages[0].obj.Resources.XObject.as_dict().values()
    return b"(shown)" in _contents(pdf) + b"".join(
        form.read_bytes() for form in forms if form.Subtype == Name.Form
    )


SHOWN = b"BT /F1 9 Tf 1 0 0 1 50 50 Tm (shown) Tj ET "
NARROW = b" q 99 0 0 60 9 20 cm /Im Do Q "
PICTURE = b" q 420 0 0 595 0 0 cm /Im Do Q "


def test_text_without_a_position_of_its_own_stays_where_it_is():
    assert b"(hidden)" in _cleaned(b"BT 3 Tr (hidden) Tj 0 Tr (seen) Tj ET")
    assert b"(hidden)" not in _cleaned(b"BT 3 Tr (hidden) Tj 0 Tr 9 0 Td (seen) Tj ET")
    partly = b"BT /F1 9 Tf 20 50 Td (a) Tj (seen) Tj ET q 40 0 0 60 9 20 cm /Im Do Q"
    assert b"(a)" in _cleaned(partly)


def _cleaned(contents: bytes) -> bytes:
    pdf = _with(contents)
    remove_old_text(pdf, pdf.pages[0], BOX, {})
    return _contents(pdf)


def test_operators_that_show_text_and_move_the_line_still_move_it():
    cleaned = _cleaned(b"BT 3 Tr (a) ' 1 2 (b) \" 0 Tr (seen) ' ET")
    assert cleaned.endswith(b"3 Tr\nT*\n1 Tw\n2 Tc\nT*\n0 Tr\n(seen) '\nET")


def _optional(pdf, page):
    page.Resources.XObject.Im.OC = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Scan"))


def _states(**states):
    def setup(pdf, page):
        page.Resources.ExtGState = Dictionary(
            {f"/{name}": Dictionary(state) for name, state in states.items()}
        )

    return setup


def _font_in_state(pdf, page):
    _states(G={"/Font": Array([pdf.make_indirect(page.Resources.Font.F1), 40])})(pdf, page)


def _type3(pdf, page):
    page.Resources.Font.F1.Subtype = Name.Type3


def _vertical(pdf, page):
    page.Resources.Font.F1 = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, Encoding=Name("/UniGB-UCS2-V")
    )


def _pale_form(pdf, page):
    _states(Pale={"/ca": 0.5})(pdf, page)
    form = Stream(pdf, SHOWN + PICTURE)
    form.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 420, 595], Resources=page.Resources
    )
    page.Resources = Dictionary(page.Resources)
    page.Resources.XObject = Dictionary(Fm=pdf.make_indirect(form))


@pytest.mark.parametrize(
    ("contents", "setup"),
    [
        (SHOWN + PICTURE, _optional),
        (SHOWN + b"/OC /Layer BDC" + PICTURE + b"EMC", lambda pdf, page: None),
        (SHOWN + b"/A gs /B gs" + PICTURE, _states(A={"/ca": 0.5}, B={"/BM": Name.Normal})),
        (b"BT /G gs 50 50 Td (shown) Tj ET q 420 0 0 2 0 49 cm /Im Do Q", _font_in_state),
        (SHOWN + b"BT 5 Tr (X) Tj ET" + PICTURE, lambda pdf, page: None),
        (SHOWN + b"BT /F1 9 Tf 7 Tr (X) Tj ET" + PICTURE, lambda pdf, page: None),
        (b"BT 7 Tr (shown) Tj ET BT 0 Tr (M) Tj ET", lambda pdf, page: None),
        (SHOWN.replace(b"Tf", b"Tf 99 Tc") + NARROW, lambda pdf, page: None),
        (
            b"BT /F1 9 Tf 200 50 Td [9000 (shown)] TJ ET q 200 0 0 60 190 20 cm /Im Do Q",
            lambda pdf, page: None,
        ),
        (SHOWN + b"q 200 0 0 60 9 20 cm /Im Do Q", _type3),
        (SHOWN + b"q 200 0 0 60 9 20 cm /Im Do Q", _vertical),
        (
            SHOWN + b".7 .7 -.7 .7 0 0 cm 0 0 140 9 re W n .7 -.7 .7 .7 0 0 cm" + PICTURE,
            lambda pdf, page: None,
        ),
        (b"/Pale gs /Fm Do", _pale_form),
    ],
    ids=[
        *("optional picture", "optional layer", "two states", "font of a state"),
        *("clip of drawn letters", "clip of letters", "text through a clip", "wide spacing"),
        *("moved back", "type 3", "vertical", "turned clip", "pale form"),
    ],
)  # fmt: skip
def test_text_that_a_reader_sees_is_kept(contents, setup):
    assert _kept(contents, setup)


@pytest.mark.parametrize("operators", [b"1 2 re f", b"/F1 Tf", b"/F1 9 Tf Tj", b"/x Tr", b"9 Tf"])
def test_malformed_contents_are_unchanged(operators):
    contents = b"BT 0 Tr (shown) Tj ET " + operators + b" BT 3 Tr (old) Tj ET"
    assert _cleaned(contents).endswith(contents)


def test_a_form_of_several_pages_is_read_once():
    pdf = _with(b"/Old Do")
    form = Stream(pdf, OLD)
    form.stream_dict = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    pdf.pages[0].obj.Resources.XObject.Old = pdf.make_indirect(form)
    pdf.pages[0].obj.Resources.XObject.Unused = pdf.make_indirect(Stream(pdf, form.read_bytes()))
    read = {}
    assert remove_old_text(pdf, pdf.pages[0], BOX, read)
    assert read == {pdf.pages[0].obj.Resources.XObject.Old.objgen: True}
    cleaned = pdf.pages[0].obj.Resources.XObject.Old.read_raw_bytes()
    assert remove_old_text(pdf, pdf.pages[0], BOX, read)
    assert pdf.pages[0].obj.Resources.XObject.Old.read_raw_bytes() == cleaned
