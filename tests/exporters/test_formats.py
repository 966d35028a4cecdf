import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import docx
import openpyxl
import pypdfium2
import pytest
from docx.oxml.ns import qn
from lxml import etree, html
from markdown_it import MarkdownIt

from ocrportal.exporters.formats import FORMATS, offered_formats
from ocrportal.exporters.options import ExportOptions
from ocrportal.exporters.writing import write_document
from ocrportal.results import PageResult

from .pages import SAMPLES, answered, document, page_of, read, recorded, typed

TRANSLATED_VALUES = {"true", "false", "quota_invoice", "vat_invoice", "taxi_invoice"}
"""Values of the cloud that are written in the active language."""
GITHUB = MarkdownIt("commonmark").enable("table")
ANSWERS = sorted(path.stem for path in (SAMPLES / "cloud").glob("*.json"))


class _Pipe(io.RawIOBase):
    """A stream that is not seekable, such as a network connection."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.data += bytes(data)
        return len(data)


def test_subtitles_are_offered_for_videos_only():
    assert {kind.key for kind in offered_formats(for_video=False, with_answers=True)} == {
        *FORMATS.keys() - {"srt"}
    }


def test_raw_answers_are_offered_only_if_they_exist():
    assert {kind.key for kind in offered_formats(for_video=True, with_answers=False)} == {
        *FORMATS.keys() - {"raw"}
    }


def _words_of(page: PageResult) -> set[str]:
    """All recognised text without spaces, which formats may set differently."""
    texts = [line.text for line in page.lines]
    texts += [cell.text for table in page.tables for cell in table.cells]
    texts += [field.value for field in page.fields if field.value not in TRANSLATED_VALUES]
    texts += [block.text for block in page.blocks if block.kind == "text"]
    return {"".join(text.split()) for text in texts}


def _text_of_word(data: bytes) -> str:
    body = docx.Document(io.BytesIO(data)).element.body
    return "".join(node.text or "" for node in body.iter(qn("w:t")))


def _text_of_pdf(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as pdf:
        return pdf[0].get_textpage().get_text_range().replace("\ufffe", "-")


def _text_of_workbook(data: bytes) -> str:
    """The text of all cells, with numbers and dates as a spreadsheet shows them."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return "".join(
        _shown(cell) for sheet in book for column in sheet.iter_cols() for cell in column
    )


def _shown(cell) -> str:
    if isinstance(cell.value, datetime):
        pattern = cell.number_format.replace('"', "")
        for code, part in (("yyyy", "%Y"), ("mm", "%m"), ("dd", "%d")):
            pattern = pattern.replace(code, part)
        return cell.value.strftime(pattern)
    if isinstance(cell.value, int | float):
        sign, places = re.search(r'^(?:"(.)")?[#,0]+(?:\.(0+))?', cell.number_format).groups()
        percent = "%" if cell.number_format.endswith("%") else ""
        comma = "," if "," in cell.number_format else ""
        number = cell.value * (100 if percent else 1)
        return f"{sign or ''}{number:{comma}.{len(places or '')}f}{percent}"
    return cell.value or ""


def _text_of_alto(data: bytes) -> str:
    return "".join(etree.fromstring(data).xpath("//@CONTENT"))


def _text_of_json(data: bytes) -> str:
    page = PageResult.from_dict(json.loads(data)["pages"][0])
    return "".join(_words_of(page))


def _text_of_answer(data: bytes) -> str:
    """The text of the raw answer, parsed like a response of the cloud."""
    (page,) = json.loads(data)["pages"]
    return "".join(_words_of(read(page["service"], page["answer"])))


def _text_of_markup(data: bytes | str) -> str:
    return "".join(html.document_fromstring(data).itertext())


@dataclass(frozen=True, slots=True)
class _Expected:
    """What the tests expect of one format."""

    extension: str
    label: str
    begins_with: bytes
    """The first bytes of the page of ``test_each_format_writes_…``."""
    read: Callable[[bytes], str] | None
    """Reads the text of a file with an independent library; None: a file lacks some text."""


EXPECTED = {
    "docx": _Expected(".docx", "Word", b"PK\x03\x04", _text_of_word),
    "txt": _Expected(".txt", "Text", b"[00:00:05]\nThis is a lot", bytes.decode),
    "pdf": _Expected(".pdf", "Searchable PDF", b"%PDF-1.7", _text_of_pdf),
    "pdfa": _Expected(".pdfa.pdf", "PDF/A", b"%PDF-1.7", _text_of_pdf),
    "srt": _Expected(
        ".srt",
        "Subtitles (SRT)",
        b"\xef\xbb\xbf1\r\n00:00:05,000 --> 00:00:08,000\r\nThis is a lot",
        lambda data: data.decode().replace("＜", "<"),  # full-width in subtitles
    ),
    "xlsx": _Expected(".xlsx", "Excel", b"PK\x03\x04", _text_of_workbook),
    "md": _Expected(
        ".md",
        "Markdown",
        b"<!-- page 1 -->\n\n\\[00:00:05\\]\n\nThis is a lot",
        lambda data: _text_of_markup(GITHUB.render(data.decode())),
    ),
    "html": _Expected(
        ".html", "Web page", b'<!DOCTYPE html>\n<html lang="en-US">', _text_of_markup
    ),
    "json": _Expected(
        ".json", "JSON", b'{"title": "document", "pages": [\n{"number": 1, ', _text_of_json
    ),
    "raw": _Expected(
        ".raw.json",
        "JSON (raw service response)",
        b'{"title": "document", "pages": [\n{"number": 1, "document": "document", "part": 0, '
        b'"service": "", "answer":',
        _text_of_answer,
    ),
    "hocr": _Expected(
        ".hocr",
        "hOCR",
        b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html xmlns=',
        _text_of_markup,
    ),
    "alto": _Expected(
        ".alto.xml",
        "ALTO",
        b'<?xml version="1.0" encoding="UTF-8"?>\n<alto xmlns=',
        _text_of_alto,
    ),
}
"""All formats, in the order in which they are offered."""


def test_the_formats_in_the_order_in_which_they_are_offered():
    assert [(kind.key, kind.extension, str(kind.label)) for kind in FORMATS.values()] == [
        (key, expected.extension, expected.label) for key, expected in EXPECTED.items()
    ]


@pytest.mark.parametrize("key", FORMATS)
def test_each_format_writes_to_a_stream_that_is_not_seekable(key):
    out = _Pipe()
    page = replace(recorded("page_en"), raw={"result": {}})
    write_document(document(page, times=[5]), FORMATS[key], out)
    assert out.data.startswith(EXPECTED[key].begins_with)


@pytest.mark.parametrize("key", [key for key, expected in EXPECTED.items() if expected.read])
@pytest.mark.parametrize("name", ANSWERS)
def test_every_format_contains_all_text_of_a_cloud_result(name, key):
    service, page = name.split(".")[0], answered(name)
    out = io.BytesIO()
    write_document(document(page, service=service, times=[5]), FORMATS[key], out)
    written = "".join(EXPECTED[key].read(out.getvalue()).split())
    assert not {word for word in _words_of(page) if word not in written}


FULL = "正文的一行总是写到右边为止这样才能看出段落在哪里结束下一行呢"
SHORT = "这一行比较短。"


def _continued(key: str, **options: str) -> bytes:
    """Two pages with a paragraph that continues on the second one."""
    pages = document(page_of(typed(SHORT, FULL, FULL)), page_of(typed(FULL, SHORT, FULL)))
    out = io.BytesIO()
    write_document(pages, FORMATS[key], out, ExportOptions(**options))
    return out.getvalue()


@pytest.mark.parametrize("key", ["txt", "md", "html"])
def test_the_layout_of_word_does_not_change_other_formats(key):
    text = _continued(key)
    assert FULL * 3 in text.decode()
    assert _continued(key, layout="fixed") == text


def test_in_fixed_layout_no_line_moves_to_the_page_before():
    word = docx.Document(io.BytesIO(_continued("docx", layout="fixed")))
    texts = [paragraph.text for paragraph in word.paragraphs if paragraph.text]
    assert texts == [SHORT, FULL, FULL, FULL, SHORT, FULL]
