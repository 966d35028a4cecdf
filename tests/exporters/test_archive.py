import io
import zipfile

from ocrportal.exporters.archive import write_archive


def test_files_with_equal_names_are_numbered():
    out = io.BytesIO()
    files = [("扫描.txt", b"eins"), ("扫描.txt", b"zwei"), ("b.pdf", b"x" * 100_000)]
    write_archive(((name, io.BytesIO(data)) for name, data in files), out)
    with zipfile.ZipFile(out) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "扫描.txt": b"eins",
            "扫描 (2).txt": b"zwei",
            "b.pdf": b"x" * 100_000,
        }
