import struct
import zipfile
from pathlib import Path

import pytest

from ocrportal.errors.ingest import ArchiveTooLarge, DamagedFile
from ocrportal.ingest.convert.package import check_package
from tests.ingest.sources import SAMPLES

MAX_BYTES = 100 * 2**20
ENTITY = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'


def packed(path: Path, *members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("name", ["tables.docx", "table.xlsx", "slides.pptx", "text.odt"])
def test_valid_documents_pass(name: str) -> None:
    check_package(SAMPLES / name, MAX_BYTES)


@pytest.mark.parametrize(
    "data", [ENTITY.encode(), ENTITY.encode("utf-16"), ENTITY.encode("utf-32")]
)
@pytest.mark.parametrize("before", [0, 256 * 1024 - 20])
def test_entities_are_found_in_any_encoding_and_at_any_place(
    data: bytes, before: int, tmp_path: Path
) -> None:
    file = packed(tmp_path / "a.docx", ("word/document.XML", b" " * before + data))
    with pytest.raises(DamagedFile):
        check_package(file, MAX_BYTES)


def test_a_picture_may_hold_any_bytes(tmp_path: Path) -> None:
    check_package(packed(tmp_path / "a.docx", ("media/a.svg", ENTITY.encode())), MAX_BYTES)


def test_a_large_uncompressed_size_is_rejected(tmp_path: Path) -> None:
    file = packed(tmp_path / "a.docx", ("a.xml", bytes(33 * 2**20)))
    with pytest.raises(ArchiveTooLarge):
        check_package(file, MAX_BYTES)
    file = packed(tmp_path / "b.docx", ("a.xml", bytes(2**20)))
    with pytest.raises(ArchiveTooLarge) as caught:
        check_package(file, 2**20 - 1)
    assert caught.value.params == {"limit_mb": 0, "ratio": 200}
    check_package(file, 2**20)


def test_a_wrong_size_in_the_directory_is_detected(tmp_path: Path) -> None:
    file = packed(tmp_path / "a.docx", ("a.xml", bytes(40 * 2**20)))
    data = file.read_bytes()
    file.write_bytes(data.replace(struct.pack("<I", 40 * 2**20), struct.pack("<I", 10)))
    with pytest.raises(DamagedFile):
        check_package(file, MAX_BYTES)


def test_too_many_members_are_rejected(tmp_path: Path) -> None:
    file = packed(tmp_path / "a.docx", *((f"{number}", b"") for number in range(20_001)))
    with pytest.raises(ArchiveTooLarge):
        check_package(file, MAX_BYTES)


def test_an_unusual_compression_method_is_damage(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile):
        check_package(packed(tmp_path / "a", ("a.xml", b"a"), method=zipfile.ZIP_BZIP2), MAX_BYTES)


@pytest.mark.parametrize("keep", [0, 10, 1000])
def test_a_truncated_archive_is_damaged(keep: int, tmp_path: Path) -> None:
    part = tmp_path / "part.docx"
    part.write_bytes((SAMPLES / "tables.docx").read_bytes()[:keep])
    with pytest.raises(DamagedFile):
        check_package(part, MAX_BYTES)
