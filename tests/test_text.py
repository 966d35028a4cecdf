import pytest

from ocrportal.text import (
    columns_of,
    ems_of,
    glue,
    is_han_like,
    is_wide,
    join_lines,
    language_of,
    words_of,
)
from tests.calls import calls


@pytest.mark.parametrize("char", "汉ひカ。，（％")
def test_characters_of_scripts_without_spaces(char):
    assert is_han_like(char)


@pytest.mark.parametrize("char", "aé7.,한“")
def test_characters_of_scripts_with_spaces(char):
    assert not is_han_like(char)


@pytest.mark.parametrize(
    ("before", "after", "separator"),
    [
        ("你", "好", ""),
        ("使用", "Python", ""),
        ("Python", "语言", ""),
        ("。", "A", ""),
        ("two", "words", " "),
        ("end.", "Next", " "),
        ("(", "a", ""),
        ("a", ")", ""),
        ("한국", "어", " "),
        ("a ", "b", ""),
        ("", "b", ""),
    ],
)
def test_words_are_separated_by_a_space_but_han_characters_are_not(before, after, separator):
    assert glue(before, after) == separator


def test_a_hyphenated_word_is_joined():
    assert join_lines(["in this exam-", "ple of text"]) == "in this example of text"
    assert join_lines(["soft hyphe\u00ad", "nation"]) == "soft hyphenation"


def test_a_word_is_divided_more_than_once():
    assert join_lines(["an ex-", "am-", "ple"]) == "an example"
    assert join_lines(["semi-", "auto-", "matic"], frozenset({"semiauto-matic"})) == (
        "semiauto-matic"
    )


def test_a_hyphen_stays_if_the_page_writes_the_word_with_one():
    known = words_of(["a well-known fact is", "more is well-"])
    assert join_lines(["it is well-", "known"], known) == "it is well-known"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["the years 1999-", "2003 were"], "the years 1999- 2003 were"),
        (["the Paris-", "Berlin line"], "the Paris-Berlin line"),
        (["a dash -", "and more"], "a dash - and more"),
    ],
)
def test_a_hyphen_stays_if_no_rest_of_a_word_follows(lines, text):
    assert join_lines(lines) == text


@pytest.mark.parametrize("lines", [["the lines of a long para-", "graph of"], ["ab-", "cd-"]])
def test_twice_as_many_lines_are_about_twice_the_work(lines):
    assert calls(lambda: join_lines(lines * 400)) < 2.5 * calls(lambda: join_lines(lines * 200))


def test_the_last_word_of_a_line_is_not_a_known_word():
    assert words_of(["one two-three four-", "five"]) == {"one", "two-three"}


@pytest.mark.parametrize(
    ("texts", "tag"),
    [
        (["这是中文。"], "zh-CN"),
        (["安装 Python 和 LibreOffice"], "zh-CN"),
        (["An English text that mentions 中文 once."], "en-US"),
        (["english", "中文中文中文"], "zh-CN"),
        (["123"], "en-US"),
        ([], "en-US"),
    ],
)
def test_the_script_of_most_of_the_text_decides(texts, tag):
    assert language_of(texts) == tag


def test_wide_characters_take_two_columns():
    assert columns_of("Tee 茶 차") == 9
    assert is_wide("차")
    assert not is_wide("é")


def test_widths_in_ems():
    assert ems_of("茶") == 1
    assert ems_of("ill") < ems_of("age") < ems_of("mow")
