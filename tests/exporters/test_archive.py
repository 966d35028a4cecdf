import io
import zipfile
from datetime import datetime

from ocrportal.exporters.archive import ArchiveFile, write_archive

NOON = datetime(2026, 3, 4, 12, 0, 30)


def test_files_with_equal_names_are_numbered():
    out = io.BytesIO()
    files = [("扫描.txt", b"eins"), ("扫描.txt", b"zwei"), ("b.pdf", b"x" * 100_000)]
    write_archive((ArchiveFile(name, io.BytesIO(data), NOON) for name, data in files), out)
    with zipfile.ZipFile(out) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "扫描.txt": b"eins",
            "扫描 (2).txt": b"zwei",
            "b.pdf": b"x" * 100_000,
        }
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 3, 4, 12, 0, 30)}


def test_a_file_of_a_machine_without_a_clock_has_the_first_day_of_zip():
    out = io.BytesIO()
    write_archive([ArchiveFile("a.txt", io.BytesIO(b""), datetime(1970, 1, 1, 8))], out)
    with zipfile.ZipFile(out) as archive:
        assert archive.getinfo("a.txt").date_time == (1980, 1, 1, 0, 0, 0)
