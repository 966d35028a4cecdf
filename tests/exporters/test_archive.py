"""Many files as one ZIP, and names that every system takes."""

import io
import zipfile

import pytest

from ocrportal.exporters.archive import safe_file_name, unique_names, write_archive


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("中文 发票（第2页）#1", "中文 发票（第2页）#1.txt"),
        ("../../etc/passwd", "_.._etc_passwd.txt"),
        ("..\\..\\windows\\x", "_.._windows_x.txt"),
        ("a\x00b\nc\u202egpj", "abcgpj.txt"),
        ("CON", "_CON.txt"),
        ("com1.old", "_com1.old.txt"),
        ("console", "console.txt"),
        ('what? "this": a|b*', "what_ _this__ a_b_.txt"),
        (" . ", "document.txt"),
        ("", "document.txt"),
        ("ends with dots...", "ends with dots.txt"),
    ],
)
def test_a_label_becomes_a_name_that_every_system_takes(label, name):
    assert safe_file_name(label, ".txt") == name


def test_a_long_name_is_cut_between_characters():
    name = safe_file_name("长" * 200, ".docx")
    assert name == "长" * 83 + ".docx"
    assert len(name.encode()) <= 255


def test_names_given_twice_are_numbered_also_if_only_their_case_differs():
    unique = unique_names()
    assert [unique(name) for name in ("a.docx", "b.docx", "A.docx", "a.docx")] == [
        "a.docx",
        "b.docx",
        "A (2).docx",
        "a (3).docx",
    ]


def test_an_archive_holds_each_file_under_its_own_name():
    out = io.BytesIO()
    files = [("扫描.txt", b"eins"), ("扫描.txt", b"zwei"), ("b.pdf", b"x" * 100_000)]
    write_archive(((name, io.BytesIO(data)) for name, data in files), out)
    with zipfile.ZipFile(out) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "扫描.txt": b"eins",
            "扫描 (2).txt": b"zwei",
            "b.pdf": b"x" * 100_000,
        }
