"""Rows of the same paragraph. An em is 20 pixels; a full row has 30 characters."""

import pytest

from tests.exporters.pages import line, page_of, paragraphs, recorded, typed

FULL = "正文的一行总是写到右边为止这样才能看出段落在哪里结束下一行呢"
SHORT = "这一行比较短。"


def _paragraphs(lines) -> list[str]:
    return [paragraph.text for paragraph in paragraphs(page_of(lines))]


def test_full_rows_continue_and_a_short_row_ends_the_paragraph():
    assert _paragraphs(typed(FULL, FULL, SHORT, FULL, SHORT)) == [FULL + FULL + SHORT, FULL + SHORT]


def test_an_indent_begins_a_paragraph_even_after_a_full_row():
    rows = typed(FULL, FULL, "\u3000\u3000" + FULL[:28], FULL)
    assert _paragraphs(rows) == [FULL + FULL, FULL[:28] + FULL]


def test_two_indented_rows_are_two_paragraphs_if_the_first_ends_a_sentence():
    first = "\u3000\u3000" + FULL[:27] + "。"
    rows = typed(first, "\u3000\u3000" + FULL[:28], FULL, SHORT)
    assert _paragraphs(rows) == [first.strip(), FULL[:28] + FULL + SHORT]


def test_a_gap_between_rows_ends_a_paragraph():
    rows = typed(FULL, FULL, FULL) + typed(FULL, FULL, FULL, top=240)
    assert _paragraphs(rows) == [FULL * 3, FULL * 3]


def test_a_larger_heading_is_a_paragraph_of_its_own():
    heading = line("很大的标题写得一样宽所以只有字号不同", 100, 60, 700, 92)
    assert _paragraphs([heading, *typed(FULL, FULL, SHORT, top=102)])[0] == heading.text


@pytest.mark.parametrize("marker", ["• ", "-", "· ", "1. ", "（二）", "(3)", "一、", "① ", "a) "])
def test_a_list_marker_begins_a_paragraph(marker):
    ended = FULL[:29] + "。"
    assert _paragraphs(typed(ended, marker + FULL[:20], ended))[:2] == [ended, marker + FULL[:20]]


def test_a_number_inside_a_sentence_is_not_a_list_marker():
    rows = typed(FULL, "3.5 倍的内容写在这里一直写到右边为止这样才是完整的一行哦", SHORT)
    assert len(_paragraphs(rows)) == 1


def test_a_hanging_indent_belongs_to_its_item():
    rows = typed(
        "1、" + FULL[:28], "\u3000\u3000" + FULL[:28], "2、" + FULL[:28], "\u3000\u3000" + SHORT
    )
    assert _paragraphs(rows) == ["1、" + FULL[:28] + FULL[:28], "2、" + FULL[:28] + SHORT]


def test_a_marker_in_its_own_box_belongs_to_its_item():
    rows = [line("1", 100, 100, 112, 120), *typed(FULL[:26], SHORT, left=180)]
    assert _paragraphs(rows) == ["1 " + FULL[:26] + SHORT]


def test_rows_of_cells_are_never_joined():
    rows = [
        line(text, left, top, left + 20 * len(text), top + 20)
        for top, texts in ((100, ("名称很长的品目", "12")), (130, ("另外一个的品目", "13")))
        for left, text in zip((100, 600), texts, strict=True)
    ]
    assert _paragraphs(rows) == ["名称很长的品目 12", "另外一个的品目 13"]


def test_the_entries_of_a_register_are_paragraphs_although_they_are_of_equal_length():
    entries = ["张三 档案室主任", "李四 档案管理员", "王五 数字化组长", "赵六 质量检查员"]
    assert _paragraphs(typed(*entries)) == entries


def test_the_title_of_a_slide_and_its_items_are_paragraphs():
    items = ["一、加强组织领导", "二、完善规章制度", "三、强化监督检查"]
    title = line("下一步工作安排", 100, 40, 310, 66)
    assert _paragraphs([title, *typed(*items)]) == ["下一步工作安排", *items]


def test_an_address_has_a_paragraph_for_each_row():
    rows = ["Linn Electronics, Inc.", "18720 Oxnard Street", "Tarzana, CA 91356", "Telex 298949"]
    assert _paragraphs(typed(*rows)) == rows


def test_an_item_begins_a_paragraph_if_its_number_is_the_next_one():
    rows = typed(FULL, FULL, "1. " + FULL[:27], "2. " + FULL[:27], "3. " + FULL[:27], FULL)
    assert [text[:2] for text in _paragraphs(rows)] == [FULL[:2], "1.", "2.", "3."]


def test_narrow_running_text_is_not_a_list_of_entries():
    rows = ["这一栏非常窄，每行", "只有九个字，但是它", "仍然是连续的正文，", "应当连成一段文字。"]
    assert len(_paragraphs([*typed(*rows)])) <= 2


def test_lines_of_verse_are_not_joined():
    verse = ["床前明月光，", "疑是地上霜。", "举头望明月，", "低头思故乡。"]
    assert _paragraphs(typed(*verse)) == verse


def test_a_frame_within_a_column_has_its_own_right_margin():
    framed = typed(FULL[:24], FULL[:24], SHORT, left=160, top=190)
    rows = [*typed(FULL, FULL, FULL), *framed, *typed(FULL, SHORT, top=280)]
    assert _paragraphs(rows)[1] == FULL[:24] + FULL[:24] + SHORT


def test_a_paragraph_continues_in_the_next_column():
    left = typed(*[FULL[:18]] * 9, left=50)
    right = typed(*[FULL[:18]] * 8, SHORT, left=450)
    assert _paragraphs([*left, *right]) == [FULL[:18] * 17 + SHORT]


def test_a_column_that_ends_a_sentence_ends_the_paragraph():
    left = typed(*[FULL[:18]] * 8, FULL[:17] + "。", left=50)
    right = typed(*[FULL[:18]] * 8, SHORT, left=450)
    assert len(_paragraphs([*left, *right])) == 2


def test_a_paragraph_ends_where_the_next_word_would_have_fitted():
    rows = [
        line("The quick brown fox jumps over the lazy dog again and", 100, 100, 700, 120),
        line("again until it rests.", 100, 130, 340, 150),
        line("Then it begins over, as foxes have always done in the", 100, 160, 700, 180),
        line("long history of typewriters.", 100, 190, 420, 210),
    ]
    assert [text[:5] for text in _paragraphs(rows)] == ["The q", "Then "]


def test_an_english_page_has_its_two_paragraphs():
    texts = [paragraph.text for paragraph in paragraphs(recorded("page_en"))]
    assert texts == [
        "This is a lot of 12 point text to test the ocr code and see if it works on all types of"
        " file format.",
        "The quick brown dog jumped over the lazy fox. The quick brown dog jumped over the lazy"
        " fox. The quick brown dog jumped over the lazy fox. The quick brown dog jumped over the"
        " lazy fox.",
    ]


def test_a_chinese_manual_keeps_its_paragraphs_list_items_and_notes():
    texts = [paragraph.text for paragraph in paragraphs(recorded("page_zh"))]
    assert len(texts) == 24
    assert texts[1].startswith("•如果您需要他人协助")
    assert texts[1].endswith("包括所有打包相关的变动，从而方便他人对您的软件包进行审查。")
    assert texts[3] == "-通常来说，协助您上传的人的时间比您的时间更宝贵。"
    assert "“LC_ALL=C date -R”命令手动生成。" in texts[9]
    assert texts[-1] == "42"


def test_a_short_last_row_with_a_high_box_continues_the_paragraph():
    """Detectors leave more white around a few letters than around a line."""
    rows = typed(FULL, FULL, top=100)
    bottom = rows[-1].box[2][1]
    last = line("这一行。", 92, bottom + 6, 188, bottom + 48)
    assert _paragraphs([*rows, last]) == [FULL + FULL + "这一行。"]
