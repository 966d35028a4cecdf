"""Reading order: down columns of text, but across rows of cells."""

from itertools import chain
from statistics import mean

import pytest

from bench.layout.arrangements import TEST, TUNING
from bench.layout.reading_order import order_error
from ocrportal.layout.fragments import Fragment, group_rows
from ocrportal.layout.frame import deskewed_frame
from ocrportal.layout.reading_order.xy_cut import blocks_in_reading_order
from ocrportal.results import PageResult
from tests.exporters.pages import (
    joined_text,
    line,
    page_of,
    paragraphs,
    printed_text,
    recorded,
    typed,
)

PROSE = "这是一行写得满满的正文文字用来说明分栏"


def _fragments(page: PageResult) -> list[Fragment]:
    upright = page.upright()
    return deskewed_frame(upright, range(len(upright.lines))).fragments


def _column(name: str, left: float, rows: int, top: float = 100, em: float = 20):
    return typed(*(f"{name}{row}{PROSE}"[:18] for row in range(rows)), left=left, top=top, em=em)


def _first_chars(page, count: int = 2) -> list[str]:
    rows = printed_text(page).split("\n")
    return [row[:count] for row in rows]


def _blocks(page) -> list[list[list[str]]]:
    return [
        [[f.text for f in row] for row in block]
        for block in blocks_in_reading_order(_fragments(page))
    ]


def test_two_columns_are_read_one_after_the_other():
    page = page_of(
        chain.from_iterable(zip(_column("甲", 50, 9), _column("乙", 450, 9), strict=True))
    )
    assert _first_chars(page) == [f"甲{n}" for n in range(9)] + [f"乙{n}" for n in range(9)]


def test_a_heading_across_both_columns_is_read_between_the_columns_above_and_below():
    heading = line(
        "跨越两栏的标题占据了整个版心的宽度所以它把上下两部分分隔开来了", 50, 420, 810, 445
    )
    page = page_of(
        [
            *_column("甲", 50, 9),
            *_column("乙", 450, 9),
            heading,
            *_column("丙", 50, 9, top=500),
            *_column("丁", 450, 9, top=500),
        ]
    )
    assert [starts[0] for starts in _first_chars(page)] == [
        *"甲" * 9,
        *"乙" * 9,
        "跨",
        *"丙" * 9,
        *"丁" * 9,
    ]


def test_columns_whose_boxes_nearly_touch_are_columns():
    page = page_of([*_column("甲", 50, 9), *_column("乙", 50 + 18 * 20 - 2, 9)])
    assert _first_chars(page)[8:10] == ["甲8", "乙0"]


def test_headers_and_page_numbers_are_not_part_of_the_columns():
    page = page_of(
        [
            line("页眉", 50, 20, 90, 40),
            line("期刊", 770, 20, 810, 40),
            *_column("甲", 50, 9),
            *_column("乙", 450, 9),
            line("第九页", 50, 460, 110, 480),
        ]
    )
    starts = _first_chars(page, 5)
    assert starts[0] == "页眉 期刊"
    assert starts[1].startswith("甲0")
    assert starts[-1] == "第九页"


def _lines(texts, left: float, top: float, pitch: float = 34, em: float = 20):
    return [
        line(text, left, top + pitch * n, left + em * len(text), top + pitch * n + 26)
        for n, text in enumerate(texts)
    ]


def _rows(page) -> list[str]:
    return printed_text(page).split("\n")


def test_cards_in_a_grid_are_read_one_after_the_other():
    cards = {
        (left, top): [f"卡片{name}", f"第一行的说明文字{name}", f"第二行说明{name}"]
        for (left, top), name in zip(
            ((100, 100), (400, 100), (700, 100), (100, 280), (400, 280), (700, 280)),
            "甲乙丙丁戊己",
            strict=True,
        )
    }
    page = page_of(
        chain.from_iterable(_lines(texts, left, top) for (left, top), texts in cards.items())
    )
    assert _rows(page) == list(chain.from_iterable(cards.values()))


def test_two_lists_side_by_side_are_read_one_after_the_other():
    left = ["• 加强组织领导", "• 完善规章制度", "• 强化监督检查", "• 落实工作责任"]
    right = ["• 做好档案归集", "• 公开办事流程", "• 改进服务质量"]
    assert _rows(page_of([*_lines(left, 100, 200), *_lines(right, 560, 200)])) == [*left, *right]


def test_numbers_that_count_across_are_read_across():
    rows = [["A. 今年春天", "B. 去年秋天"], ["C. 前年夏天", "D. 明年冬天"]]
    columns = list(zip(*rows, strict=True))
    page = page_of([*_lines(columns[0], 100, 200), *_lines(columns[1], 500, 200)])
    assert _rows(page) == ["A. 今年春天 B. 去年秋天", "C. 前年夏天 D. 明年冬天"]


def test_two_headings_above_short_columns_are_two():
    left = [
        line("左边的标题", 100, 100, 240, 128),
        *_lines([PROSE[:18], PROSE[:18], "左栏结束。"], 100, 150),
    ]
    right = [
        line("右边的标题", 560, 100, 700, 128),
        *_lines([f"{PROSE[:18]}"] * 5, 560, 150),
    ]
    assert _rows(page_of([*left, *right])) == [entry.text for entry in [*left, *right]]


def test_entries_of_an_index_are_read_down_its_columns():
    columns = [[f"第{c}栏第{n}个词条, {n}{c}" for n in range(12)] for c in range(3)]
    page = page_of(
        chain.from_iterable(
            _lines(texts, 100 + 300 * c, 100, 30) for c, texts in enumerate(columns)
        )
    )
    assert _rows(page) == list(chain.from_iterable(columns))


def test_prices_belong_to_the_entries_at_their_left():
    groups = []
    for start in (100, 560):
        names = [f"菜品{start}之{n}" for n in range(7)]
        prices = [f"{n + 10}.50" for n in range(7)]
        groups.append((names, prices, start))
    page = page_of(
        chain.from_iterable(
            [*_lines(names, start, 200, 28), *_lines(prices, start + 240, 200, 28, em=11)]
            for names, prices, start in groups
        )
    )
    expected = [
        f"{name} {price}"
        for names, prices, _ in groups
        for name, price in zip(names, prices, strict=True)
    ]
    assert _rows(page) == expected


def test_notes_beside_running_text_are_read_as_a_column():
    notes = _lines(["图1：春天", "图2：夏天", "图3：秋天", "分析师：胡洋"], 60, 130, 90)
    page = page_of([*notes, *_column("正", 420, 14, em=25)])
    assert _rows(page)[:4] == [note.text for note in notes]


def test_commands_and_their_descriptions_are_read_across_in_the_columns_of_a_card():
    widths = (176, 154, 166, 158, 176, 150, 162, 154)
    card, expected = [], []
    for left, top in ((50, 100), (450, 109)):
        for row in range(16):
            y = top + 20 * row
            if row % 8 == 0:
                card.append(line("Commands for items and lists", left, y, left + 240, y + 24))
                expected.append(card[-1].text)
                continue
            command, description = f"open {row % 4}", f"move the item {row}"
            # The box of a row without tall letters is lower than most rows.
            high = y + (5 if row % 3 else 0)
            end = left + 150 + widths[(row * 3 + left) % 8]
            card.append(line(command, left, high, left + 100, y + 24))
            card.append(line(description, left + 150, y, end, y + 24))
            expected.append(f"{command} {description}")
    assert _rows(page_of(card)) == expected


def test_columns_at_even_distances_are_read_down_though_one_has_a_gutter_of_its_own():
    """In one column of three, a line that would cross its gutter is missing."""
    card, expected = [], []
    for left in (100, 600, 1100):
        rows = [(f"open_{n}", f"print the list of item {n + left}") for n in range(12)]
        for n, (command, description) in enumerate(rows):
            y = 100 + 36 * n + 9 * (left == 600)
            card.append(line(command, left, y, left + 90, y + 24))
            card.append(line(description, left + 150, y, left + 400, y + 24))
            expected.append(f"{command} {description}")
        if left != 600:
            note = "A note that is as wide as the whole column of commands"
            card.append(line(note, left, 540, left + 420, 564))
            expected.append(note)
    assert _rows(page_of(card, width=1700)) == expected


def test_two_columns_of_two_strips_at_the_same_distances_are_read_one_after_the_other():
    card, expected = [], []
    for left, shift in ((100, 0), (600, 9)):
        for n in range(14):
            y = 100 + 36 * n + shift
            card.append(line(f"print the list {n + left}", left, y, left + 220, y + 24))
            card.append(line(f"open_{n}", left + 300, y, left + 380, y + 24))
            expected.append(f"print the list {n + left} open_{n}")
    assert _rows(page_of(card, width=1100)) == expected


def test_a_block_below_the_end_of_another_is_read_after_it():
    totals = ["小计 80,417.40", "税额 59,564.33", "合计 76,699.97"]
    bank = ["开户银行：区财政局", "账号：6241013562", "请在使用之前检查电压"]
    page = page_of([*_lines(totals, 560, 100), *_lines(bank, 100, 230)])
    assert _rows(page) == [*totals, *bank]


def test_columns_do_not_begin_again_with_a_page_number_below_them():
    left = [f"左栏第{n}行一直写到栏边的文字" for n in range(12)]
    right = [f"右栏第{n}行一直写到栏边的文字" for n in range(6)]
    heading = line("历史沿革", 100, 350, 260, 386)
    last = _lines(left[6:], 100, 400)
    page = page_of(
        [
            *_lines(left[:6], 100, 100),
            heading,
            *last,
            *_lines(right, 560, 100),
            line("25", 820, last[-1].box[2][1] + 10, 850, last[-1].box[2][1] + 30),
        ]
    )
    assert _rows(page) == [*left[:6], "历史沿革", *left[6:], *right, "25"]


def test_the_two_pages_of_a_spread_are_read_one_after_the_other():
    pages = [[f"第{side}页第{n}行短诗" for n in range(12)] for side in (1, 2)]
    page = page_of([*_lines(pages[0], 100, 100), *_lines(pages[1], 1100, 100)], width=1700)
    assert _rows(page) == [*pages[0], *pages[1]]


def test_cells_are_read_across():
    cells = [
        line(text, left, 100 + 40 * row, left + 20 * len(text), 120 + 40 * row)
        for row, texts in enumerate(
            [("品名", "数量", "金额"), ("铅笔", "12", "3.00"), ("橡皮", "5", "1.50")]
        )
        for left, text in zip((100, 400, 700), texts, strict=True)
    ]
    down_the_columns = sorted(cells, key=lambda cell: cell.box[0])
    assert joined_text(page_of(down_the_columns)) == ("品名 数量 金额\n铅笔 12 3.00\n橡皮 5 1.50")


def test_columns_of_dates_and_amounts_are_cells():
    dates = [f"2024-01-{day:02} 12:00:00" for day in range(10, 20)]
    page = page_of(
        chain(
            (line(text, 100, 100 + 40 * n, 290, 120 + 40 * n) for n, text in enumerate(dates)),
            (line("1 234 567,00 EUR", 400, 100 + 40 * n, 560, 120 + 40 * n) for n in range(10)),
        )
    )
    assert printed_text(page).split("\n")[0] == "2024-01-10 12:00:00 1 234 567,00 EUR"


def test_fragments_of_a_printed_row_are_joined_from_left_to_right():
    page = page_of(
        [
            line("出生", 500, 102, 540, 122),
            line("姓名：", 100, 100, 160, 120),
            line("张三", 162, 101, 202, 121),
        ]
    )
    (row,) = paragraphs(page)[0].lines
    assert row.text == "姓名：张三 出生"
    assert row.pieces == ("姓名：", "张三 ", "出生")
    assert row.indices == (1, 2, 0)


def test_rows_whose_boxes_touch_are_not_merged():
    page = page_of([line("上面一行", 100, 100, 300, 140), line("下面一行", 100, 130, 300, 170)])
    assert [len(row) for row in group_rows(_fragments(page))] == [1, 1]


def test_a_receipt_is_read_row_by_row():
    rows = printed_text(recorded("receipt_en")).split("\n")
    assert rows[12:16] == [
        "CODE/DESC PRICE Disc AMOUNT",
        "QTY RM RM",
        "9556939040118 KF MODELLING CLAY KIDDY FISH",
        "1 PC 9.000 0.00 9.00",
    ]


def test_a_magazine_page_is_read_down_its_four_columns():
    text = joined_text(recorded("columns_en"))
    order = [
        "puppy, sometimes bursting into tears. When her worried parents questioned her,",
        "dignity and concern for how deeply I felt.",
        "this setting, fathers bring special gifts to parenting.",
        'ing on, suddenly blurted, "I sure do love you, Dad!"',
        "What Kids Need Most in a Dad",
    ]
    places = [text.find(words) for words in order]
    assert -1 not in places
    assert places == sorted(places)


def test_vertical_columns_are_read_from_right_to_left():
    assert joined_text(recorded("columns_ja")) == (
        "元来日本語は漢文に倣い、文字を上から下へまた行を右から左へと進めて表記を行っていた"
        "漢字と仮名の筆順も縦書きを前提としており、横書き不能な書体も存在する。"
    )


def test_a_page_without_text_has_no_blocks():
    assert _blocks(page_of([])) == []


@pytest.mark.parametrize("kind", [*TUNING, *TEST], ids=lambda kind: kind.__name__)
def test_random_pages_of_a_kind_are_read_in_order(kind):
    assert mean(order_error(kind, seed) for seed in range(5)) < 0.03
