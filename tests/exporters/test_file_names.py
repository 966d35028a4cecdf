import pytest

from ocrportal.exporters.file_names import safe_file_name, unique_names


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("中文 发票（第2页）#1", "中文 发票（第2页）#1.txt"),
        ("../../etc/passwd", "_.._etc_passwd.txt"),
        ("..\\..\\windows\\x", "_.._windows_x.txt"),
        ("a\x00b\nc\u202egpj", "abcgpj.txt"),
        ("CON", "_CON.txt"),
        ("com1.old", "_com1.old.txt"),
        ("CONIN$", "_CONIN$.txt"),
        ("年报　2026\xa0年", "年报 2026 年.txt"),
        ("console", "console.txt"),
        ('what? "this": a|b*', "what_ _this__ a_b_.txt"),
        (" . ", "document.txt"),
        ("", "document.txt"),
        ("ends with dots...", "ends with dots.txt"),
    ],
)
def test_a_label_becomes_a_name_that_every_system_accepts(label, name):
    assert safe_file_name(label, ".txt") == name


def test_a_long_name_is_cut_between_characters():
    name = safe_file_name("长" * 200, ".docx")
    assert name == "长" * 83 + ".docx"
    assert len(name.encode()) <= 255


def test_equal_names_are_numbered_also_if_their_case_differs():
    unique = unique_names()
    assert [unique(name) for name in ("a.docx", "b.docx", "A.docx", "a.docx")] == [
        "a.docx",
        "b.docx",
        "A (2).docx",
        "a (3).docx",
    ]


def test_names_of_the_same_characters_are_equal_however_they_are_composed():
    unique = unique_names()
    assert [unique(name) for name in ("\xe9.txt", "e\u0301.txt")] == ["\xe9.txt", "e\u0301 (2).txt"]
