import io

import pytest
from PIL import Image

from ocrportal.errors.ingest import AlreadyText, EmptyFile, UnsupportedFormat
from ocrportal.ingest.sniff.file_type import Format, sniff
from tests.ingest.sources import SAMPLES, saved, zipped


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
        ("page.heic", "heic"),
    ],
)
def test_every_accepted_format_is_detected_by_its_content(name: str, key: str) -> None:
    with (SAMPLES / name).open("rb") as file:
        assert sniff(file).key == key


def test_a_format_has_a_media_type_and_an_extension() -> None:
    with (SAMPLES / "receipt_en.jpg").open("rb") as file:
        assert sniff(file) == Format(key="jpeg", media_type="image/jpeg", extension="jpg")


def test_the_name_of_a_file_is_ignored() -> None:
    with (SAMPLES / "png.jpg").open("rb") as file:
        assert sniff(file).key == "png"


def test_the_file_is_left_at_position_0() -> None:
    with (SAMPLES / "scans.pdf").open("rb") as file:
        file.seek(1000)
        sniff(file)
        assert file.tell() == 0


@pytest.mark.parametrize("mark", [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"])
def test_tiff_is_detected_in_both_byte_orders_and_as_bigtiff(mark: bytes) -> None:
    assert key_of(mark + bytes(20)) == "tiff"


def test_a_pdf_header_may_follow_a_kilobyte_of_other_data() -> None:
    assert key_of(b"\x1b%-12345X@PJL\r\n" + b"x" * 1000 + b"%PDF-1.7\n") == "pdf"


def test_a_later_pdf_header_is_ignored() -> None:
    with pytest.raises(UnsupportedFormat):
        key_of(bytes(1025) + b"%PDF-1.7\n")


def test_an_empty_file_is_reported() -> None:
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
def test_text_of_any_kind_is_detected(content: bytes, kind: str) -> None:
    with pytest.raises(AlreadyText) as caught:
        key_of(content)
    assert caught.value.params == {"kind": kind}


def test_a_character_split_at_the_end_of_the_head_is_still_text() -> None:
    text = "xx" + "汉 " * 2000
    with pytest.raises(UnicodeDecodeError):
        text.encode()[:4096].decode()
    with pytest.raises(AlreadyText):
        key_of(text.encode())


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("GIF", "gif"),
        ("JPEG2000", "jp2"),
        ("AVIF", "avif"),
        ("PCX", "pcx"),
        ("ICO", "ico"),
        ("WEBP", "webp"),
        ("BMP", "bmp"),
        ("TIFF", "tiff"),
    ],
)
def test_pictures_written_by_pillow_are_detected(kind: str, key: str) -> None:
    assert key_of(saved(Image.new("L", (40, 30), 100), kind)) == key


def test_a_bare_jpeg_2000_codestream_is_detected() -> None:
    data = saved(Image.new("L", (40, 30), 100), "JPEG2000", no_jp2=True)
    assert sniff(io.BytesIO(data)) == Format("jp2", "image/jp2", "j2k")


def boxes(*brands: bytes) -> bytes:
    major, *compatible = brands
    body = b"ftyp" + major + bytes(4) + b"".join(compatible)
    return (len(body) + 4).to_bytes(4) + body + b"\0\0\0\x08free"


@pytest.mark.parametrize(
    ("brands", "key"),
    [
        ([b"heic", b"mif1"], "heic"),
        ([b"heix"], "heic"),
        ([b"hevc"], "heic"),
        ([b"mif1", b"heic"], "heic"),
        ([b"mif1", b"avif", b"miaf"], "avif"),
        ([b"avis", b"msf1"], "avif"),
        ([b"isom", b"avc1"], "mp4"),
        ([b"M4V ", b"mp42"], "mp4"),
        ([b"qt  "], "mov"),
    ],
)
def test_iso_base_media_files_are_detected_by_their_brands(brands: list[bytes], key: str) -> None:
    assert key_of(boxes(*brands)) == key


@pytest.mark.parametrize(
    ("content", "fmt"),
    [
        (b"\0\0\0\x08wide\0\0\x10\0mdat", Format("mov", "video/quicktime", "mov", "video")),
        (
            b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska\x42\x87",
            Format("mkv", "video/matroska", "mkv", "video"),
        ),
        (
            b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm\x42\x87",
            Format("webm", "video/webm", "webm", "video"),
        ),
        (b"RIFF\0\1\0\0AVI LIST", Format("avi", "video/x-msvideo", "avi", "video")),
    ],
)
def test_videos_are_detected_and_need_a_conversion(content: bytes, fmt: Format) -> None:
    assert sniff(io.BytesIO(content)) == fmt


def test_a_zip_that_starts_with_a_pdf_is_a_zip() -> None:
    assert key_of(zipped({"scan.pdf": (SAMPLES / "rotated.pdf").read_bytes()})) == "zip"


def test_a_pdf_followed_by_a_zip_is_a_pdf() -> None:
    assert key_of((SAMPLES / "rotated.pdf").read_bytes() + zipped({"a.txt": b"a"})) == "pdf"


def test_a_playlist_is_text_whatever_its_name() -> None:
    with pytest.raises(AlreadyText):
        key_of(b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")


def test_text_that_contains_the_name_of_a_box_is_text() -> None:
    with pytest.raises(AlreadyText):
        key_of(b"The wide world.")


@pytest.mark.parametrize(
    "content",
    [
        bytes(100),
        b"\x00\x01\x02text",
        b"Rar!\x1a\x07\x01\0" + bytes(20),
        b"7z\xbc\xaf\x27\x1c\0\4" + bytes(20),
        b"MZ\x90\0\3\0\0\0",
        b"\xc8\0\0\0\x12\xaf\1\0" + bytes(100),
        boxes(b"M4A "),
    ],
)
def test_other_files_are_rejected(content: bytes) -> None:
    with pytest.raises(UnsupportedFormat):
        key_of(content)
