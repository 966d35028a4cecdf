import pytest

from ocrportal.layout.list_markers import ListMarker, list_marker


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("• item", ListMarker("bullet", "•", "", 0, 2)),
        ("3. item", ListMarker("decimal", "", ".", 3, 3)),
        ("(12) item", ListMarker("decimal", "(", ")", 12, 5)),
        ("十二、条目", ListMarker("chinese", "", "、", 12, 3)),
        ("（二）条目", ListMarker("chinese", "（", "）", 2, 3)),
        ("④条目", ListMarker("circled", "", "", 4, 1)),
        ("b) item", ListMarker("letter", "", ")", 2, 3)),
    ],
)
def test_a_marker_has_its_style_number_and_length(text, marker):
    assert list_marker(text) == marker


@pytest.mark.parametrize("text", ["3.5 倍", "1.2.3 Title", "2026年", "三一、数", "a word", "—"])
def test_other_texts_have_no_marker(text):
    assert list_marker(text) is None
