import io
import struct
import tracemalloc

import pytest

from ocrportal.errors.ingest import ConversionFailed, DamagedFile, UnsupportedFormat
from ocrportal.ingest.sniff.compound import MAGIC
from ocrportal.ingest.sniff.file_type import sniff

SECTOR = 512
END = 0xFFFFFFFE
NONE = 0xFFFFFFFF


def entry(name: str, kind: int, left: int = NONE, right: int = NONE, child: int = NONE) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    start = struct.pack("<64sHBB3L", encoded, len(encoded), kind, 1, left, right, child)
    return start.ljust(128, b"\0")


def compound(*entries: bytes) -> bytes:
    """A file with its allocation table, followed by this directory."""
    directory = b"".join(entries)
    directory += bytes(-len(directory) % SECTOR)
    count = len(directory) // SECTOR
    tables = count // (SECTOR // 4 - 1) + 1
    chain = [0xFFFFFFFD] * tables + [*range(tables + 1, tables + count), END]
    table = struct.pack(f"<{len(chain)}L", *chain).ljust(tables * SECTOR, b"\xff")
    header = MAGIC + bytes(16) + struct.pack("<5H6x4L", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, tables, 0)
    header += struct.pack("<5L", 4096, END, 0, END, 0)
    header += struct.pack(f"<{tables}L", *range(tables))
    return header.ljust(SECTOR, b"\xff") + table + directory


ROOT = entry("Root Entry", 5, child=1)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("WordDocument", "doc"),
        ("Workbook", "xls"),
        ("Book", "xls"),
        ("PowerPoint Document", "ppt"),
    ],
)
def test_old_office_formats_are_detected_by_their_streams(name: str, key: str) -> None:
    fmt = sniff(io.BytesIO(compound(ROOT, entry(name, 2))))
    assert (fmt.key, fmt.kind) == (key, "office")


def test_a_directory_of_several_sectors_is_read() -> None:
    chain = [entry(f"stream {number}", 2, right=number + 1) for number in range(1, 9)]
    assert sniff(io.BytesIO(compound(ROOT, *chain, entry("Workbook", 2)))).key == "xls"


def test_embedded_streams_are_ignored() -> None:
    storage = entry("ObjectPool", 1, left=2, child=3)
    file = compound(ROOT, storage, entry("PowerPoint Document", 2), entry("Workbook", 2))
    assert sniff(io.BytesIO(file)).key == "ppt"


def test_an_encrypted_open_xml_file_is_reported() -> None:
    with pytest.raises(ConversionFailed):
        sniff(io.BytesIO(compound(ROOT, entry("EncryptedPackage", 2))))


def test_a_compound_file_of_another_program_is_rejected() -> None:
    with pytest.raises(UnsupportedFormat):
        sniff(io.BytesIO(compound(ROOT, entry("__properties_version1.0", 2))))


def test_a_cyclic_directory_tree_ends() -> None:
    with pytest.raises(UnsupportedFormat):
        sniff(io.BytesIO(compound(ROOT, entry("a", 2, left=1, right=0))))


@pytest.mark.parametrize("length", [40, 600, 1030])
def test_a_compound_file_without_its_directory_is_damaged(length: int) -> None:
    with pytest.raises(DamagedFile):
        sniff(io.BytesIO(compound(ROOT, entry("WordDocument", 2))[:length]))


def test_a_chain_of_directory_entries_that_is_too_long_is_damaged() -> None:
    chain = [entry(f"stream {number}", 2, right=number + 1) for number in range(1, 3000)]
    with pytest.raises(DamagedFile):
        sniff(io.BytesIO(compound(ROOT, *chain, entry("Workbook", 2))))


def test_a_huge_directory_is_not_read_into_memory() -> None:
    file = io.BytesIO(compound(ROOT, entry("Workbook", 2), *[bytes(128)] * 50_000))
    tracemalloc.start()
    try:
        with pytest.raises(DamagedFile):
            sniff(file)
        assert tracemalloc.get_traced_memory()[1] < 5 * 2**20
    finally:
        tracemalloc.stop()


def test_a_cyclic_list_of_sectors_takes_no_memory() -> None:
    header = MAGIC + bytes(16) + struct.pack("<5H6x4L", 0x3E, 4, 0xFFFE, 12, 6, 0, 1, END, 0)
    header += struct.pack("<5L", 4096, END, 0, 0, 1)
    file = io.BytesIO(header.ljust(4096, b"\0") + bytes(4096))
    tracemalloc.start()
    try:
        with pytest.raises(DamagedFile):
            sniff(file)
        assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    finally:
        tracemalloc.stop()
