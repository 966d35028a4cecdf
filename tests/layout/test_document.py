"""Paragraphs that continue on the next page, and repeated headers and footers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ocrportal.exporters.options import ExportOptions
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.laid_out_page import LaidOutPage
from tests.exporters.pages import document, document_of, line, page_of, recognised_pages, typed

FULL = "正文的一行总是写到右边为止这样才能看出段落在哪里结束下一行呢"
SHORT = "这一行比较短。"
ENDED = FULL[:29] + "。"


def _page(number: int, *rows: str, head: str = "图书馆年度工作报告"):
    edges = [line(head, 400, 40, 580, 60), line(str(number), 490, 1340, 510, 1360)]
    return page_of([*edges, *typed(*rows, top=200)])


def _flow(document: LaidOutDocument, **options) -> Iterator[LaidOutPage]:
    """The pages as a format of running text gets them."""
    chosen = ExportOptions(**options)
    return document.flowing_pages(
        headers_footers=chosen.headers_footers, join=chosen.joins_paragraphs
    )


def _texts(*pages, **options) -> list[list[str]]:
    flow = _flow(document(*pages), **options)
    return [[part.text for part in page.blocks] for page in flow]


def _without_headers(*pages, **options) -> list[list[str]]:
    return _texts(*pages, headers_footers=False, **options)


def test_text_repeated_at_the_same_place_of_neighbouring_pages_is_a_header():
    pages = [_page(1, FULL, SHORT), _page(2, SHORT, FULL)]
    kinds = [[p.kind for p in page.blocks] for page in _flow(document(*pages))]
    assert kinds == [
        ["header", "body", "page_number"],
        ["header", "body", "body", "page_number"],
    ]


def test_a_header_with_a_wrong_character_is_still_a_header():
    pages = [_page(1, SHORT), _page(2, FULL, head="图书馆年度工作报吿")]
    assert _without_headers(*pages) == [[SHORT], [FULL]]


def test_left_and_right_pages_have_their_own_headers():
    heads = ["图书馆年度工作报告", "馆藏与采购", "图书馆年度工作报告", "馆藏与采购"]
    rows = ["一行。", "二行。", "三行。", "四行。"]
    pages = [
        _page(n, row, head=head) for n, (row, head) in enumerate(zip(rows, heads, strict=True), 1)
    ]
    assert _without_headers(*pages) == [[row] for row in rows]


def test_identical_pages_keep_their_text():
    page = page_of(typed(SHORT, top=40))
    assert _without_headers(page, page) == [[SHORT], [SHORT]]


def test_a_paragraph_with_a_full_last_row_continues_on_the_next_page():
    pages = [_page(1, SHORT, FULL, FULL), _page(2, FULL, SHORT)]
    assert _without_headers(*pages) == [[SHORT, FULL * 3 + SHORT], []]


def test_a_sentence_that_ends_with_the_page_ends_the_paragraph():
    pages = [_page(1, FULL, ENDED), _page(2, FULL, SHORT)]
    assert _without_headers(*pages) == [[FULL + ENDED], [FULL + SHORT]]


def test_where_paragraphs_are_indented_a_row_without_indent_continues_after_a_sentence():
    first = "\u3000\u3000" + FULL[:28]
    pages = [
        _page(1, first, SHORT, first, ENDED),
        _page(2, FULL, SHORT, first, SHORT),
    ]
    assert _without_headers(*pages) == [
        [FULL[:28] + SHORT, FULL[:28] + ENDED + FULL + SHORT],
        [FULL[:28] + SHORT],
    ]


def test_an_indented_row_begins_a_paragraph_on_the_next_page():
    pages = [_page(1, FULL, FULL), _page(2, "\u3000\u3000" + FULL[:28], FULL, SHORT)]
    assert _without_headers(*pages) == [[FULL * 2], [FULL[:28] + FULL + SHORT]]


def test_a_word_hyphenated_at_the_end_of_a_page_is_joined():
    rows = ["This page talks about nothing other", "than the words at its very end, that"]
    lines = [line(row, 100, top, 600, top + 20) for row, top in zip(rows, (300, 330), strict=True)]
    one = page_of([*lines, line("is to say, about nothing but hyphe-", 100, 360, 600, 380)])
    two = page_of([line("nation at the end of a printed page.", 100, 300, 560, 320)])
    assert _texts(one, two)[0][0].endswith("nothing but hyphenation at the end of a printed page.")


def test_printed_rows_are_not_joined_across_pages():
    pages = [_page(1, FULL, FULL), _page(2, FULL, SHORT)]
    assert _without_headers(*pages, lines="printed") == [[FULL * 2], [FULL + SHORT]]


def test_no_paragraph_continues_across_a_missing_page():
    pages = [_page(1, FULL, FULL), page_of([]), _page(3, FULL, SHORT)]
    whole = document(*pages)
    chosen = document_of(*recognised_pages(whole)[::2])
    flow = _flow(chosen, headers_footers=False)
    assert [[part.text for part in page.blocks] for page in flow] == [[FULL * 2], [FULL + SHORT]]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ((1, 0), (2, 0), True),
        ((1, 1), (1, 2), True),
        ((1, 2), (2, 1), True),
        ((1, 2), (2, 0), True),
        ((1, 0), (2, 1), True),
        ((3, 0), (5, 0), False),
        ((1, 1), (2, 1), False),
        ((1, 2), (2, 2), False),
        ((1, 1), (2, 0), False),
    ],
)
def test_a_paragraph_continues_only_on_the_next_page_or_half_page(first, second, joined):
    whole = document(_page(1, FULL, FULL), _page(2, FULL, SHORT))
    pages = [
        replace(page, number=number, part=part)
        for page, (number, part) in zip(recognised_pages(whole), (first, second), strict=True)
    ]
    given = document_of(*pages, title=whole.title)
    texts = [[p.text for p in page.blocks] for page in _flow(given, headers_footers=False)]
    assert texts == ([[FULL * 3 + SHORT], []] if joined else [[FULL * 2], [FULL + SHORT]])


def test_the_frames_of_a_video_have_no_headers_and_page_numbers():
    slide = page_of(
        [
            *typed(FULL, FULL, SHORT, top=300),
            *typed(FULL, SHORT, top=600),
            line("7", 490, 1340, 510, 1360),
        ]
    )
    assert [part.kind for part in next(document(slide).flowing_pages()).blocks] == [
        *["body"] * 2,
        "page_number",
    ]
    video = document(slide, slide, times=[0.0, 4.0])
    kinds = [[p.kind for p in page.blocks] for page in video.flowing_pages()]
    assert kinds == [["body"] * 3] * 2


def test_a_sentence_continues_over_the_footnotes_at_the_end_of_the_page():
    note = typed("① 见图书馆的年度报告。", top=1200, em=16)
    first = page_of([*typed(SHORT, FULL, FULL, FULL, top=900), *note])
    assert _without_headers(first, _page(2, FULL, SHORT)) == [
        [SHORT, FULL * 4 + SHORT, "① 见图书馆的年度报告。"],
        [],
    ]


@pytest.mark.parametrize(("mark", "is_moved"), [("②", True), ("①", False)])
def test_the_footnotes_of_a_joined_sentence_are_on_the_page_where_it_starts(
    mark: str, is_moved: bool
):
    """One with the mark of a footnote of that page stays, as neither would have a reference."""
    notes = ["① 见图书馆的年度报告。", f"{mark} 见目录。", "③ 见手稿。"]
    first = page_of([*typed(SHORT, FULL, FULL, FULL, top=900), *typed(notes[0], top=1200, em=16)])
    end, other = f"这一行{mark}比较短。", "另一段③也比较短。"
    body = typed(FULL, FULL, end, FULL, FULL, other, top=200)
    second = page_of(
        [*body, *(each for n in (1, 2) for each in typed(notes[n], top=1170 + 30 * n, em=16))]
    )
    rest = [notes[2]] if is_moved else notes[1:]
    assert _without_headers(first, second) == [
        [SHORT, FULL * 5 + end, notes[0], *(notes[1:2] if is_moved else [])],
        [FULL * 2 + other, *rest],
    ]


def test_a_sentence_continues_in_the_next_column_over_the_footnotes_of_the_first():
    row = FULL[:18]
    note = typed("① 见年度报告。", top=1200, em=15)
    columns = [*typed(*[row] * 9, top=900), *typed(*[row] * 8, "短。", left=520, top=900)]
    assert _texts(page_of([*columns, *note])) == [[row * 17 + "短。", "① 见年度报告。"]]
