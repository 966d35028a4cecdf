import pytest

from ocrportal.exporters.excel.sheet_names import unique_sheet_names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("第 1 页", "第 1 页"),
        ("a[1]:b*?/\\c", "a 1  b    c"),
        ("'quoted'", "quoted"),
        ("a\x00\ud800\tb", "a b"),
        ("History", "History (2)"),
        ("x" * 40, "x" * 31),
        ("𠮷" * 40, "𠮷" * 15),
    ],
)
def test_a_text_becomes_a_name_that_every_program_accepts(text, name):
    assert unique_sheet_names()(text) == name


def test_equal_names_are_numbered_also_if_their_case_differs():
    unique = unique_sheet_names()
    assert [unique(name) for name in ("Page", "page", "Page", "x" * 31, "X" * 40)] == [
        "Page",
        "page (2)",
        "Page (3)",
        "x" * 31,
        "X" * 27 + " (2)",
    ]
