import io

import pytest

from ocrportal.errors import AlreadyText, EmptyFile, UnsupportedFormat
from ocrportal.intake.sniff import Format, sniff
from tests.intake.sources import SAMPLES


def key_of(content: bytes) -> str:
    return sniff(io.BytesIO(content)).key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("receipt_en.jpg", "jpeg"),
        ("page_zh.png", "png"),
        ("screenshot_zh.bmp", "bmp"),
        ("screenshot_zh.webp", "webp"),
        ("page_en.tif", "tiff"),
        ("scans.pdf", "pdf"),
    ],
)
def test_every_accepted_format_is_known_by_its_content(name: str, key: str) -> None:
    with (SAMPLES / name).open("rb") as file:
        assert sniff(file).key == key


def test_a_format_says_how_it_is_served_and_named() -> None:
    with (SAMPLES / "receipt_en.jpg").open("rb") as file:
        assert sniff(file) == Format(key="jpeg", media_type="image/jpeg", extension="jpg")


def test_the_name_of_a_file_does_not_count() -> None:
    with (SAMPLES / "png.jpg").open("rb") as file:
        assert sniff(file).key == "png"


def test_the_file_is_left_at_its_beginning() -> None:
    with (SAMPLES / "scans.pdf").open("rb") as file:
        file.seek(1000)
        sniff(file)
        assert file.tell() == 0


@pytest.mark.parametrize("mark", [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"])
def test_tiff_is_known_in_both_byte_orders_and_both_sizes(mark: bytes) -> None:
    assert key_of(mark + bytes(20)) == "tiff"


def test_a_pdf_header_may_come_after_a_kilobyte_of_something_else() -> None:
    assert key_of(b"\x1b%-12345X@PJL\r\n" + b"x" * 1000 + b"%PDF-1.7\n") == "pdf"


def test_a_pdf_header_further_down_does_not_make_a_pdf() -> None:
    with pytest.raises(UnsupportedFormat):
        key_of(bytes(1025) + b"%PDF-1.7\n")


def test_an_empty_file_is_called_empty() -> None:
    with pytest.raises(EmptyFile):
        key_of(b"")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE html><html><body>hello</body></html>", "HTML"),
        (b"\n <HTML lang='zh'><head>", "HTML"),
        (b"<?xml version='1.0'?><!-- drawn --><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<svg width='1'/>", "SVG"),
        (b"<?xml version='1.0'?><invoice/>", "XML"),
        (b"<invoice number='1'>", "XML"),
        (b"{\\rtf1\\ansi hello}", "RTF"),
        (b"name,amount\nA,1\nB,2\n", "CSV"),
        ("名称;金额\n甲;1\n".encode("gb18030"), "CSV"),
        (b"Dear all,\nthis is a letter.\n", "TXT"),
        ("这只是纯文本。".encode(), "TXT"),
        ("这只是纯文本。".encode("gb18030"), "TXT"),
        ("这只是纯文本。".encode("utf-16"), "TXT"),
        (b"\xef\xbb\xbfhello", "TXT"),
        (b"BMW and Mercedes are cars.", "TXT"),
    ],
)
def test_text_of_any_kind_is_told_from_pictures(content: bytes, kind: str) -> None:
    with pytest.raises(AlreadyText) as caught:
        key_of(content)
    assert caught.value.params == {"kind": kind}


def test_a_character_cut_by_the_end_of_the_first_kilobytes_is_still_text() -> None:
    text = "xx" + "汉 " * 2000
    with pytest.raises(UnicodeDecodeError):
        text.encode()[:4096].decode()
    with pytest.raises(AlreadyText):
        key_of(text.encode())


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04" + bytes(100), b"GIF89a" + bytes(20), bytes(100), b"\x00\x01\x02text"],
)
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(UnsupportedFormat):
        key_of(content)
