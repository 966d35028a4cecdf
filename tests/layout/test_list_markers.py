import pytest

from ocrportal.layout.list_markers import Mark, mark_of


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("• item", Mark("bullet", "•", "", 0, 2)),
        ("3. item", Mark("decimal", "", ".", 3, 3)),
        ("(12) item", Mark("decimal", "(", ")", 12, 5)),
        ("十二、条目", Mark("chinese", "", "、", 12, 3)),
        ("（二）条目", Mark("chinese", "（", "）", 2, 3)),
        ("④条目", Mark("circled", "", "", 4, 1)),
        ("b) item", Mark("letter", "", ")", 2, 3)),
    ],
)
def test_a_mark_tells_its_form_and_its_place_in_the_list(text, mark):
    assert mark_of(text) == mark


@pytest.mark.parametrize("text", ["3.5 倍", "1.2.3 Title", "2026年", "三一、数", "a word", "—"])
def test_other_beginnings_are_no_marks(text):
    assert mark_of(text) is None
