import io
import random
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from ocrportal.errors.base import PortalError
from ocrportal.errors.ingest import (
    ArchiveEmpty,
    ArchiveMethodUnknown,
    ArchiveTooDeep,
    ArchiveTooFull,
    ArchiveTooLarge,
    DamagedFile,
    FileTooLarge,
    PasswordNeeded,
    PasswordWrong,
)
from ocrportal.ingest.archive import ArchiveLimits, iter_members
from tests.ingest.sources import SAMPLES

MB = 2**20
NOISE = random.Random(1).randbytes(5000)


def limits(**changes: int) -> ArchiveLimits:
    usual = {
        "max_files": 20,
        "max_unpacked_bytes": 100 * MB,
        "max_ratio": 100,
        "max_depth": 2,
        "max_file_bytes": 50 * MB,
    }
    return ArchiveLimits(**usual | changes)


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as out:
        for name, data in files.items():
            out.writestr(name, data)
    return buffer.getvalue()


def members(data: bytes, folder: Path, password: str | None = None, **changes: int) -> dict:
    """The content, or the type of the error, by name, in order."""
    return {
        member.name: member.file.read() if member.file else type(member.error)
        for member in iter_members(
            io.BytesIO(data), limits(**changes), password=password, folder=folder
        )
    }


def refusal(data: bytes, folder: Path, password: str | None = None, **changes: int) -> PortalError:
    with pytest.raises(PortalError) as caught:
        members(data, folder, password, **changes)
    return caught.value


def named(raw: bytes) -> bytes:
    """An archive of one file with this name in an unmarked encoding."""
    stand_in = "x" * len(raw)
    return packed({stand_in: b"page"}).replace(stand_in.encode(), raw)


class ZipCrypto:
    """The traditional encryption of ZIP, as specified."""

    def __init__(self, password: bytes) -> None:
        self.keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self.update(byte)

    def update(self, byte: int) -> None:
        first, second, third = self.keys
        first = self.crc(first, byte)
        second = ((second + (first & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        self.keys = [first, second, self.crc(third, second >> 24)]

    def crc(self, value: int, byte: int) -> int:
        return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    def encrypt(self, data: bytes) -> bytes:
        out = bytearray()
        for byte in data:
            mixed = (self.keys[2] | 2) & 0xFFFF
            out.append(byte ^ ((mixed * (mixed ^ 1)) >> 8 & 0xFF))
            self.update(byte)
        return bytes(out)


def encrypted(files: dict[str, bytes], password: bytes) -> bytes:
    """An archive of stored and encrypted members, which zipfile cannot write."""
    body, directory = b"", b""
    for name, data in files.items():
        crc, label = zlib.crc32(data), name.encode()
        secret = ZipCrypto(password).encrypt(bytes(11) + bytes([crc >> 24]) + data)
        facts = struct.pack(
            "<HHHHIIIHH", 0x801, 0, 0, 0x21, crc, len(secret), len(data), len(label), 0
        )
        directory += b"PK\1\2" + struct.pack("<HH", 20, 20) + facts
        directory += struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + label
        body += b"PK\3\4" + struct.pack("<H", 20) + facts + label + secret
    count = len(files)
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + b"PK\5\6" + end


def test_members_are_in_natural_order(tmp_path: Path) -> None:
    names = ["page 10.jpg", "page 2.jpg", "b/1.jpg", "Page 1.jpg", "a/02.jpg", "a/1.jpg"]
    data = packed({name: name.encode() for name in names})
    ordered = ["a/1.jpg", "a/02.jpg", "b/1.jpg", "Page 1.jpg", "page 2.jpg", "page 10.jpg"]
    found = members(data, tmp_path)
    assert list(found) == ordered
    assert found == {name: name.encode() for name in names}


def test_a_name_may_contain_a_number_of_thousands_of_digits(tmp_path: Path) -> None:
    name = "9" * 5000
    assert list(members(packed({name: b"a", "10": b"b"}), tmp_path)) == ["10", name]


def test_names_in_the_archive_are_not_used_as_paths(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "folder"
    folder.mkdir(parents=True)
    found = members((SAMPLES / "zip_slip.zip").read_bytes(), folder)
    assert found == {
        "../../evil.txt": b"x",
        "/etc/evil": b"x",
        "ok/page.txt": b"fine",
    }
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_is_closed_when_the_next_is_requested(tmp_path: Path) -> None:
    data = packed({"1": b"one", "2": b"two"})
    taken = iter_members(io.BytesIO(data), limits(), folder=tmp_path)
    first = next(taken)
    assert first.file is not None
    assert first.file.read() == b"one"
    next(taken)
    assert first.file.closed


def test_folders_links_and_system_files_are_skipped(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.jpg")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        out.mkdir("scans")
        out.writestr(link, "/etc/passwd")
        for name in (
            "scans/1.jpg", "__MACOSX/scans/._1.jpg", "scans/._1.jpg", "scans/.DS_Store",
            "Thumbs.db", "scans/desktop.ini", "notes\\", "notes\\2.jpg",
        ):  # fmt: skip
            out.writestr(name, "")
    assert list(members(buffer.getvalue(), tmp_path)) == ["notes/2.jpg", "scans/1.jpg"]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("扫描/第1页.jpg".encode("gb18030"), "扫描/第1页.jpg"),
        ("扫描/第1页.jpg".encode(), "扫描/第1页.jpg"),
        ("Größe.jpg".encode("cp437"), "Größe.jpg"),
        ("Résumé.jpg".encode("cp437"), "Résumé.jpg"),
        (b"scans\\\\1.jpg", "scans/1.jpg"),
        ("Cafe\u0301.jpg".encode(), "Café.jpg"),
        (b"a\x1b[31m.jpg", "a[31m.jpg"),
    ],
)
def test_the_encoding_of_a_name_is_detected(raw: bytes, name: str, tmp_path: Path) -> None:
    assert members(named(raw), tmp_path) == {name: b"page"}


def test_a_name_marked_as_utf8_is_decoded_as_utf8(tmp_path: Path) -> None:
    assert members(packed({"发票.jpg": b"page"}), tmp_path) == {"发票.jpg": b"page"}


def test_a_nested_archive_is_a_file(tmp_path: Path) -> None:
    inner = packed({"1.jpg": b"page"})
    assert members(packed({"inner.zip": inner}), tmp_path) == {"inner.zip": inner}


def test_the_depth_of_nested_archives_is_limited(tmp_path: Path) -> None:
    data = packed({"1.jpg": b"page"})
    with pytest.raises(ArchiveTooDeep) as caught:
        next(iter_members(io.BytesIO(data), limits(), folder=tmp_path, depth=3))
    assert caught.value.params == {"limit": 2}


def test_too_many_files_are_rejected_before_any_is_extracted(tmp_path: Path) -> None:
    data = packed({str(number): b"page" for number in range(21)})
    error = refusal(data, tmp_path)
    assert isinstance(error, ArchiveTooFull)
    assert error.params == {"limit": 20}


def test_a_directory_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    data = packed({f"folder {number}/": b"" for number in range(20_000)} | {"1": b"page"})
    assert isinstance(refusal(data, tmp_path), ArchiveTooFull)


def test_the_total_size_is_counted_during_extraction(tmp_path: Path) -> None:
    data = packed({"1": NOISE, "2": NOISE})
    assert len(members(data, tmp_path, max_unpacked_bytes=10_000)) == 2
    error = refusal(data, tmp_path, max_unpacked_bytes=9_999)
    assert isinstance(error, ArchiveTooLarge)


def test_a_bomb_is_detected_by_its_ratio(tmp_path: Path) -> None:
    error = refusal(packed({"1": bytes(40 * MB)}), tmp_path)
    assert isinstance(error, ArchiveTooLarge)
    assert error.params == {"limit_mb": 100, "ratio": 100}


def test_a_blank_bitmap_is_not_a_bomb(tmp_path: Path) -> None:
    assert len(members(packed({"1.bmp": bytes(30 * MB)}), tmp_path)["1.bmp"]) == 30 * MB


def test_a_member_longer_than_its_declared_size_is_damaged(tmp_path: Path) -> None:
    data = packed({"1": bytes(5000), "2": b"page"})
    lie = data.replace(struct.pack("<I", 5000), struct.pack("<I", 10))
    assert members(lie, tmp_path) == {"1": DamagedFile, "2": b"page"}


def test_a_file_that_is_too_large_does_not_affect_other_files(tmp_path: Path) -> None:
    data = packed({"1": NOISE, "2": b"page"})
    assert members(data, tmp_path, max_file_bytes=4999) == {"1": FileTooLarge, "2": b"page"}


def test_members_that_share_their_data_are_rejected(tmp_path: Path) -> None:
    data = packed({"1": NOISE, "2": NOISE[::-1]})
    where = data.rindex(b"PK\1\2") + 42
    assert data[where : where + 4] != bytes(4)
    shared = data[:where] + bytes(4) + data[where + 4 :]
    assert isinstance(refusal(shared, tmp_path), DamagedFile)


def test_a_damaged_member_does_not_affect_other_members(tmp_path: Path) -> None:
    data = bytearray(packed({"1": NOISE, "2": b"page"}, zipfile.ZIP_STORED))
    data[200] ^= 1
    assert members(bytes(data), tmp_path) == {"1": DamagedFile, "2": b"page"}


@pytest.mark.parametrize("keep", [3000, 5100])
def test_a_truncated_archive_is_damaged(keep: int, tmp_path: Path) -> None:
    assert isinstance(refusal(packed({"1": NOISE})[:keep], tmp_path), DamagedFile)


@pytest.mark.parametrize("files", [{}, {"folder/": b""}, {".DS_Store": b"x"}])
def test_an_archive_without_files_is_reported(files: dict[str, bytes], tmp_path: Path) -> None:
    assert isinstance(refusal(packed(files), tmp_path), ArchiveEmpty)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods_are_reported_as_unknown(method: int, tmp_path: Path) -> None:
    error = refusal(packed({"1": NOISE}, method), tmp_path)
    assert isinstance(error, ArchiveMethodUnknown)


def test_a_member_with_another_method_does_not_affect_other_members(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        out.writestr("1", b"page")
        out.writestr("2", NOISE, zipfile.ZIP_BZIP2)
    found = members(buffer.getvalue(), tmp_path)
    assert found == {"1": b"page", "2": ArchiveMethodUnknown}


def test_aes_is_reported_as_unknown_without_requesting_a_password(tmp_path: Path) -> None:
    data = encrypted({"1": b"page"}, b"abc")
    aes = data.replace(struct.pack("<HH", 0x801, 0), struct.pack("<HH", 0x801, 99))
    assert isinstance(refusal(aes, tmp_path), ArchiveMethodUnknown)


def test_a_password_opens_encrypted_members(tmp_path: Path) -> None:
    files = {"1.jpg": b"page one", "2.jpg": NOISE}
    assert members(encrypted(files, b"abc"), tmp_path, "abc") == files


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_chinese_password_works_in_either_encoding(encoding: str, tmp_path: Path) -> None:
    data = encrypted({"1.jpg": b"page"}, "密码".encode(encoding))
    assert members(data, tmp_path, "密码") == {"1.jpg": b"page"}


def test_an_encrypted_archive_requests_a_password(tmp_path: Path) -> None:
    assert isinstance(refusal(encrypted({"1": b"page"}, b"abc"), tmp_path), PasswordNeeded)


def test_a_wrong_password_is_reported_even_if_it_passes_the_check_byte(tmp_path: Path) -> None:
    data = encrypted({"1": b"page", "2": NOISE}, b"abc")
    assert isinstance(refusal(data, tmp_path, "wrong"), PasswordWrong)
    assert isinstance(refusal(data, tmp_path, "wrong 927"), PasswordWrong)  # passes the check byte


def test_a_damaged_member_is_not_reported_as_a_wrong_password(tmp_path: Path) -> None:
    data = bytearray(encrypted({"1": b"page", "2": NOISE}, b"abc"))
    data[2000] ^= 1
    assert members(bytes(data), tmp_path, "abc") == {"1": b"page", "2": DamagedFile}
