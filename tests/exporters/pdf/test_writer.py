"""The syntax of PDF objects, and files that pikepdf accepts as valid."""

import io

import pikepdf
import pytest

from ocrportal.exporters.pdf.writer import Name, PdfFile, Ref, number, serialize


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Name("Font"), b"/Font"),
        (Ref(7), b"7 0 R"),
        (True, b"true"),
        (-3, b"-3"),
        (0.5, b"0.5"),
        ("a (b) \\", rb"(a \(b\) \\)"),
        ("合同", b"<feff5408540c>"),
        ("a\nb", b"<feff0061000a0062>"),
        (b"\x00\xff", b"<00ff>"),
        ([1, "x"], b"[1 (x)]"),
        ({"A": {"B": 1}}, b"<<\n/A <<\n/B 1\n>>\n>>"),
    ],
)
def test_objects_are_serialised_in_pdf_syntax(value, written):
    assert serialize(value) == written


def test_numbers_have_no_exponent_and_no_trailing_zeros():
    written = [number(1e-7), number(-0.00001), number(12.5), number(100.0), number(1e7)]
    assert written == [b"0", b"0", b"12.5", b"100", b"10000000"]
    assert number(1.25, 1) == b"1.2"


def test_a_file_is_valid_for_any_order_of_its_objects():
    out = io.BytesIO()
    file = PdfFile(out)
    tree = file.reserve()
    contents = file.add_stream(b"0 0 m")
    about = {"Type": Name("Page"), "Parent": tree, "Contents": contents, "Resources": {}}
    page = file.add({**about, "MediaBox": [0, 0, 9, 9]})
    file.add({"Type": Name("Pages"), "Kids": [page], "Count": 1}, tree)
    file.finish({"Type": Name("Catalog"), "Pages": tree}, {"Title": "合同 (1)"})
    with pikepdf.open(out, attempt_recovery=False) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert str(pdf.docinfo["/Title"]) == "合同 (1)"
        assert pdf.pages[0].Contents.read_bytes() == b"0 0 m"
