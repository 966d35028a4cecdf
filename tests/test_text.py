import pytest

from ocrportal.text import glue, is_han_like, join_lines, language_of, words_of


@pytest.mark.parametrize("char", "汉ひカ。，（％")
def test_characters_written_without_blanks(char):
    assert is_han_like(char)


@pytest.mark.parametrize("char", "aé7.,한“")
def test_characters_of_scripts_with_blanks(char):
    assert not is_han_like(char)


@pytest.mark.parametrize(
    ("before", "after", "blank"),
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
def test_a_blank_stands_between_words_but_not_between_han_characters(before, after, blank):
    assert glue(before, after) == blank


def test_a_word_divided_at_the_end_of_a_line_becomes_whole():
    assert join_lines(["in this exam-", "ple of text"]) == "in this example of text"
    assert join_lines(["soft hyphe\u00ad", "nation"]) == "soft hyphenation"


def test_a_hyphen_stays_in_a_word_that_the_page_writes_with_one():
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
def test_only_the_rest_of_a_word_loses_its_hyphen(lines, text):
    assert join_lines(lines) == text


def test_the_last_word_of_a_line_is_no_evidence_since_it_may_be_half_a_word():
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
