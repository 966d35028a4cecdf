import io
import tracemalloc
import zipfile

import pytest

from ocrportal.errors.ingest import DamagedFile
from ocrportal.ingest.sniff import zip_package
from ocrportal.ingest.sniff.file_type import sniff
from ocrportal.ingest.sniff.zip_package import kind_of_zip
from tests.ingest.sources import zipped


def kind_of(*names: str) -> str:
    return kind_of_zip(io.BytesIO(zipped(dict.fromkeys(names, b"x"))))


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["[Content_Types].xml", "_rels/.rels", "word/document.xml"], "docx"),
        (["word/document.xml", "word/embeddings/a.xlsx", "[Content_Types].xml"], "docx"),
        (["[Content_Types].xml", "xl\\workbook.xml"], "xlsx"),
        (["[Content_Types].xml", "ppt/presentation.xml"], "pptx"),
        (["OFD.xml", "Doc_0/Document.xml"], "ofd"),
        (["word/letter.docx"], "zip"),
        (["scans/OFD.xml"], "zip"),
        ([], "zip"),
    ],
)
def test_the_format_of_a_zip_is_detected_by_its_names(names: list[str], kind: str) -> None:
    assert kind_of(*names) == kind


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize(
    ("mime_type", "kind"),
    [
        (b"application/vnd.oasis.opendocument.text", "odt"),
        (b"application/vnd.oasis.opendocument.text-template", "odt"),
        (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
        (b"application/vnd.oasis.opendocument.presentation", "odp"),
        (b"application/epub+zip", "zip"),
    ],
)
def test_an_open_document_is_detected_by_its_mime_type(
    mime_type: bytes, kind: str, method: int
) -> None:
    data = zipped({"content.xml": b"<x/>", "mimetype": mime_type}, compression=method)
    assert kind_of_zip(io.BytesIO(data)) == kind


def test_data_before_a_zip_is_ignored() -> None:
    mime_type = b"application/vnd.oasis.opendocument.text"
    assert kind_of_zip(io.BytesIO(b"#!/bin/sh\n" + zipped({"mimetype": mime_type}))) == "odt"


def test_a_zip64_directory_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)  # above it, zipfile writes ZIP64
    data = zipped(dict.fromkeys(["OFD.xml", "1", "2"], b""))
    assert b"PK\6\6" in data
    assert kind_of_zip(io.BytesIO(data)) == "ofd"


def test_a_zip_of_20_000_members_is_read() -> None:
    members = {"OFD.xml": b""} | {f"Page_{number}/Content.xml": b"" for number in range(20_000)}
    assert kind_of_zip(io.BytesIO(zipped(members))) == "ofd"


def test_a_zip_with_too_many_members_is_an_archive() -> None:
    members = {"OFD.xml": b""} | {f"{number}": b"" for number in range(66_000)}
    assert kind_of_zip(io.BytesIO(zipped(members))) == "zip"


def test_a_huge_directory_of_short_names_takes_little_memory() -> None:
    file = io.BytesIO(zipped({f"{number}": b"" for number in range(42_000)}))
    tracemalloc.start()
    try:
        assert kind_of_zip(file) == "zip"
        assert tracemalloc.get_traced_memory()[1] < 30 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_mime_type_is_not_decoded_by_methods_that_cannot_be_bounded(method: int) -> None:
    data = zipped({"mimetype": bytes(50 * 2**20)}, compression=method)
    tracemalloc.start()
    try:
        assert kind_of_zip(io.BytesIO(data)) == "zip"
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_a_huge_directory_is_not_read_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            self.taken += len(data)
            return data

    monkeypatch.setattr(zip_package, "_MAX_DIRECTORY_BYTES", 200_000)
    file = Counting(zipped({"n" * 5000 + str(number): b"" for number in range(1000)}))
    assert sniff(file).key == "zip"
    assert file.taken < len(file.getvalue()) / 10


def test_long_names_do_not_stay_in_memory() -> None:
    names = (f"{number:05}{'n' * 60_000}" for number in range(1000))
    file = io.BytesIO(zipped(dict.fromkeys(names, b"")))
    tracemalloc.start()
    try:
        assert sniff(file).key == "zip"
        assert tracemalloc.get_traced_memory()[1] < 2 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_truncated_zip_is_damaged(kept: float) -> None:
    whole = zipped({f"page{number}.txt": b"text" * 100 for number in range(10)})
    with pytest.raises(DamagedFile):
        sniff(io.BytesIO(whole[: int(len(whole) * kept)]))


def test_a_zip_with_a_broken_directory_is_damaged() -> None:
    whole = zipped({"a.txt": b"text", "b.txt": b"text"}).replace(b"PK\1\2", b"PK\1\1")
    with pytest.raises(DamagedFile):
        kind_of_zip(io.BytesIO(whole))


def test_a_directory_before_the_start_of_the_file_is_damage() -> None:
    whole = bytearray(zipped({"a.txt": b"text"}))
    whole[-10:-6] = b"\xf0\xff\xff\x7f"
    with pytest.raises(DamagedFile):
        kind_of_zip(io.BytesIO(whole))
