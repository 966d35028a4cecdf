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


def test_small_type_apart_from_the_text_is_a_header_only_on_a_numbered_page():
    head = line("图书馆年度工作报告", 400, 60, 535, 75)
    number = line("7", 490, 1340, 510, 1360)
    body = typed(FULL, FULL, "这一行短。", FULL, "这一行短。", top=300)
    assert paragraphs(page_of([head, *body, number]))[0].kind == "header"
    assert paragraphs(page_of([head, *body]))[0].kind == "body"


def test_a_receipt_has_no_headers_and_footers():
    assert not any(part.is_header_or_footer for part in paragraphs(recorded("receipt_en")))


def test_captions_and_list_items_are_recognised_by_their_start():
    assert _first(*typed("图 3：馆藏")).kind == "caption"
    assert _first(*typed("（二）馆藏的采购。")).kind == "list_item"


@pytest.mark.parametrize(
    "text", ["第一章 总则……………1", "1.2 馆藏 .......... 14", "2.1 采购……… ….iv"]
)
def test_an_entry_of_a_list_of_contents_is_not_a_heading(text):
    assert _first(*typed(text)).kind == "body"
