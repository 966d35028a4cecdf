import io

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from ocrportal.exporters import FORMATS, offered_formats
from ocrportal.results import PageResult

from .pages import SAMPLES, answered, document, recorded

SAID_IN_WORDS = {"true", "false", "quota_invoice", "vat_invoice", "taxi_invoice"}
"""Values of the cloud that are written in the reader's language."""
ANSWERS = sorted(path.stem for path in (SAMPLES / "cloud").glob("*.json"))
BEGINS_WITH = {
    "docx": b"PK\x03\x04",
    "txt": b"[00:00:05]\nThis is a lot",
    "pdf": b"%PDF-1.7",
    "pdfa": b"%PDF-1.7",
    "srt": b"\xef\xbb\xbf1\r\n00:00:05,000 --> 00:00:08,000\r\nThis is a lot",
}


class _Pipe(io.RawIOBase):
    """A stream as the network has it: it only goes forward."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.data += bytes(data)
        return len(data)


def test_the_formats_in_the_order_in_which_they_are_offered():
    assert [(kind.key, kind.extension, str(kind.label)) for kind in FORMATS.values()] == [
        ("docx", ".docx", "Word"),
        ("txt", ".txt", "Text"),
        ("pdf", ".pdf", "Searchable PDF"),
        ("pdfa", ".pdfa.pdf", "PDF/A"),
        ("srt", ".srt", "Subtitles (SRT)"),
    ]


def test_subtitles_are_offered_for_videos_alone():
    assert [kind.key for kind in offered_formats(for_video=True)] == list(FORMATS)
    assert [kind.key for kind in offered_formats(for_video=False)] == ["docx", "txt", "pdf", "pdfa"]


@pytest.mark.parametrize("key", FORMATS)
def test_each_format_writes_to_a_stream_that_cannot_be_rewound(key):
    out = _Pipe()
    FORMATS[key].write(document(recorded("page_en"), times=[5]), out)
    assert out.data.startswith(BEGINS_WITH[key])


def _words_of(page: PageResult) -> set[str]:
    """Everything that was read, without the blanks that a format may set otherwise."""
    texts = [line.text for line in page.lines]
    texts += [cell.text for table in page.tables for cell in table.cells]
    texts += [field.value for field in page.fields if field.value not in SAID_IN_WORDS]
    texts += [block.text for block in page.blocks if block.kind == "text"]
    return {"".join(text.split()) for text in texts}


def _written_words(key: str, data: bytes) -> str:
    if key in ("txt", "srt"):
        text = data.decode().replace("＜", "<")  # how subtitles show what is no tag
    elif key == "docx":
        body = docx.Document(io.BytesIO(data)).element.body
        text = "".join(node.text or "" for node in body.iter(qn("w:t")))
    else:
        with pypdfium2.PdfDocument(data) as pdf:
            text = pdf[0].get_textpage().get_text_range().replace("\ufffe", "-")
    return "".join(text.split())


@pytest.mark.parametrize("key", FORMATS)
@pytest.mark.parametrize("name", ANSWERS)
def test_whatever_a_cloud_service_reads_is_in_every_format(name, key):
    service, page = name.split(".")[0], answered(name)
    out = io.BytesIO()
    FORMATS[key].write(document(page, service=service, times=[5]), out)
    written = _written_words(key, out.getvalue())
    assert not {word for word in _words_of(page) if word not in written}
