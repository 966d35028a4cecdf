"""Roles of paragraphs. An em is 20 pixels; a full row has 30 characters."""

import pytest

from tests.exporters.pages import line, page_of, paragraphs, recorded, typed

FULL = "正文的一行总是写到右边为止这样才能看出段落在哪里结束下一行呢"
BODY = typed(*[FULL] * 6, top=300)


def _first(*lines):
    return paragraphs(page_of([*lines, *BODY]))[0]


@pytest.mark.parametrize(("em", "level"), [(34, 1), (26, 2), (23, 3)])
def test_larger_type_is_a_heading_of_three_levels(em, level):
    heading = _first(*typed("馆藏与采购", em=em))
    assert (heading.kind, heading.level) == ("heading", level)


@pytest.mark.parametrize(
    ("text", "level"), [("第三章 馆藏", 1), ("第二节 采购", 2), ("1.2 馆藏", 2), ("1.2.3 馆藏", 3)]
)
def test_the_number_of_a_heading_determines_its_level(text, level):
    heading = _first(*typed(text))
    assert (heading.kind, heading.level) == ("heading", level)


def test_a_large_sentence_is_not_a_heading():
    assert _first(*typed("欢迎来到图书馆。", em=30)).kind == "body"


@pytest.mark.parametrize("text", ["- 12 -", "第3页", "第 3 页 共 9 页", "Page 3 of 9", "xiv", "7"])
def test_a_number_at_the_edge_of_the_page_is_a_page_number(text):
    page = page_of([*typed(FULL, FULL, "短。", "1、条", top=300), line(text, 480, 1350, 540, 1370)])
    assert paragraphs(page)[-1].kind == "page_number"


def test_a_number_in_the_middle_of_the_page_is_text():
    rows = [*typed("标题", "7", top=600), *typed(FULL, top=900), *typed(FULL, top=100)]
    assert [part.kind for part in paragraphs(page_of(rows))].count("page_number") == 0


@pytest.mark.parametrize(
    ("em", "numbered", "kind"),
    [(15, True, "header"), (15, False, "header"), (20, True, "header"), (20, False, "body")],
)
def test_a_row_apart_is_a_header_in_small_type_or_on_a_numbered_page(em, numbered, kind):
    head = typed("图书馆年度工作报告", left=400, top=60, em=em)
    number = [line("7", 490, 1340, 510, 1360)] if numbered else []
    body = typed(FULL, FULL, "这一行短。", FULL, "这一行短。", top=300)
    assert paragraphs(page_of([*head, *body, *number]))[0].kind == kind


def test_a_sentence_a_label_and_a_caption_are_no_headers():
    body = typed(FULL, FULL, "这一行短。", FULL, "这一行短。", top=300)
    for text in ("欢迎来到图书馆。", "合同编号：12", "图3：馆藏"):
        head = typed(text, left=400, top=60, em=15)
        assert not paragraphs(page_of([*head, *body]))[0].is_header_or_footer


def test_a_page_number_beside_a_footer_is_apart_from_it():
    foot = [line("内部培训", 100, 1340, 164, 1356), line("12", 860, 1340, 876, 1356)]
    *_, footer, number = paragraphs(page_of([*BODY, *foot]))
    assert (footer.kind, footer.text) == ("footer", "内部培训")
    assert (number.kind, number.text) == ("page_number", "12")


def test_small_type_with_a_mark_at_the_end_of_the_page_is_a_footnote():
    note = typed("① 见图书馆的年度报告", top=1200, em=16)
    foot = [line("7", 490, 1340, 510, 1360)]
    body = typed(FULL, FULL, "这一行短。", FULL, "这一行短。", top=900)
    assert [part.kind for part in paragraphs(page_of([*body, *note, *foot]))][-2:] == [
        "footnote",
        "page_number",
    ]
    # The same row in the type of the text is an item of a list.
    large = typed("① 见图书馆的年度报告", top=1200)
    assert paragraphs(page_of([*body, *large, *foot]))[-2].kind == "list_item"


def test_footnotes_right_below_each_other_are_paragraphs_of_their_own():
    notes = ("1 See the first book about bridges.", "2 See the second book of the author.")
    rows = [line(text, 100, 1200 + 25 * n, 500, 1218 + 25 * n) for n, text in enumerate(notes)]
    body = typed(FULL, FULL, "这一行短。", FULL, "这一行短。", top=900)
    found = paragraphs(page_of([*body, *rows]))[-2:]
    assert [(part.kind, part.text) for part in found] == [("footnote", note) for note in notes]


def test_a_number_beside_horizontal_text_and_a_dateline_are_text():
    body = typed(FULL, FULL, "这一行短。", FULL, FULL, "这一行短。", left=60, top=300)
    beside = paragraphs(page_of([*body, line("45", 800, 420, 840, 440)]))
    assert "page_number" not in {part.kind for part in beside}
    dated = line("Berlin, 12 May 2024", 600, 120, 760, 138)
    assert paragraphs(page_of([dated, *body]))[0].kind != "header"


def test_a_second_footnote_whose_mark_was_not_read_is_one_too():
    notes = [*typed("* 见年度报告。", top=1200, em=16), *typed("见目录。", top=1230, em=16)]
    body = typed(FULL, FULL, "这一行短。", FULL, "这一行短。", top=900)
    assert [part.kind for part in paragraphs(page_of([*body, *notes]))][-2:] == ["footnote"] * 2


def test_a_numbered_row_above_text_is_a_heading_and_one_in_a_list_is_an_item():
    rows = typed("一、馆藏", FULL, "这一行短。", "二、采购", FULL, "这一行短。")
    assert [part.kind for part in paragraphs(page_of(rows))] == ["heading", "body"] * 2
    assert {
        part.kind for part in paragraphs(page_of(typed("一、馆藏", "二、采购", "三、人员")))
    } == {"list_item"}


def test_numbers_of_two_levels_are_list_items_where_they_follow_each_other():
    rows = typed("2.1 馆藏的采购。", "2.2 馆藏的整理。", top=900)
    assert [part.kind for part in paragraphs(page_of([*BODY, *rows]))][-2:] == ["list_item"] * 2
    assert paragraphs(page_of([*BODY, *typed("2.5 万册是新的。", top=900)]))[-1].kind == "body"


@pytest.mark.parametrize("text", ["付款方式：□银行", "编号：12345", "“他说到这里停了", "x = y"])
def test_labels_check_boxes_open_quotes_and_formulas_are_no_headings(text):
    assert _first(*typed(text, em=25)).kind != "heading"


def test_a_receipt_has_no_headers_and_footers():
    assert not any(part.is_header_or_footer for part in paragraphs(recorded("receipt_en")))


def test_captions_and_list_items_are_recognised_by_their_start():
    assert _first(*typed("图 3：馆藏")).kind == "caption"
    assert _first(*typed("（二）馆藏的采购。")).kind == "list_item"


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("第一章 总则……………1", "第一章 总则\t1"),
        ("1.2 馆藏 .......... 14", "1.2 馆藏\t14"),
        ("2.1 采购……… ….iv", "2.1 采购\tiv"),
    ],
)
def test_a_row_with_leaders_is_an_entry_of_a_list_of_contents(printed, text):
    entry = _first(*typed(printed))
    assert (entry.kind, entry.text) == ("contents_entry", text)


@pytest.mark.parametrize(
    "printed",
    ["他沉默了……", "他沉默了………", "Value 3.14159...", "1, 2, ..., 10", "i = 1...5", "姓名：………………"],
)
def test_dots_that_lead_to_no_page_number_are_text(printed):
    parts = paragraphs(page_of([*typed(printed, "短句", "其他", left=300), *BODY]))
    assert "contents_entry" not in {part.kind for part in parts}
    assert parts[0].text.startswith(printed)


def test_an_entry_whose_number_was_not_read_is_one_within_the_list():
    rows = typed("第一章 总则……1", "2.1 采购………", "2.2 人员……4", "3.1 馆藏……9", "什么……")
    parts = paragraphs(page_of(rows))
    assert {part.kind for part in parts} == {"contents_entry"}
    assert [part.text for part in parts][:3] == ["第一章 总则\t1", "2.1 采购", "2.2 人员\t4"]


def test_each_full_row_that_ends_with_a_page_number_is_an_entry():
    lines = [
        line(text, 100 + 40 * indent, 100 + 40 * row, 880, 120 + 40 * row)
        for row, (indent, text) in enumerate(
            [(0, "第一章 总则……1"), (0, "第二章 采购……4"), (1, "2.1 人员……4"), (1, "2.2 馆藏……11")]
        )
    ]
    parts = paragraphs(page_of(lines))
    assert [part.text for part in parts] == [
        "第一章 总则\t1",
        "第二章 采购\t4",
        "2.1 人员\t4",
        "2.2 馆藏\t11",
    ]


def test_rows_with_ascending_page_numbers_at_an_edge_are_entries_of_a_list_of_contents():
    titles = ("第一章 总则", "1.1 馆藏", "第二章 采购", "2.1 人员")
    rows = list(zip(titles, ("1", "3", "", "12"), (100, 140, 180, 220), strict=True))
    lines = [line(t, 100, y, 100 + 20 * len(t), y + 20) for t, _, y in rows]
    lines += [line(n, 880 - 10 * len(n), y, 880, y + 20) for _, n, y in rows if n]
    parts = paragraphs(page_of(lines))
    assert [part.kind for part in parts] == ["contents_entry"] * 4
    assert [part.text for part in parts][1:3] == ["1.1 馆藏\t3", "第二章 采购"]
