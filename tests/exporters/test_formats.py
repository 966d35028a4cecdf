import io

import pytest

from ocrportal.exporters import FORMATS

from .pages import document, recorded

BEGINS_WITH = {"docx": b"PK\x03\x04", "txt": b"This is a lot", "pdf": b"%PDF-1.7"}


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
    ]


@pytest.mark.parametrize("key", FORMATS)
def test_each_format_writes_to_a_stream_that_cannot_be_rewound(key):
    out = _Pipe()
    FORMATS[key].write(document(recorded("page_en")), out)
    assert out.data.startswith(BEGINS_WITH[key])
