"""Tables that continue on the next page."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ocrportal.layout.blocks import Paragraph, TableBlock
from ocrportal.results import Cell, PageResult, Table
from tests.exporters.pages import corners, document, line

HEAD = ["Year", "Place", "Sum"]
WIDTH, HEIGHT = 1000, 1400


def _table(
    rows: list[list[str]], *, bottom: int = 1300, top: int = 100, xs: tuple[int, ...] = ()
) -> Table:
    xs = xs or (100, 250, 600, 900)
    height = (bottom - top) / len(rows)
    cells = tuple(
        Cell(
            text,
            row,
            column,
            box=corners(xs[column], top + row * height, xs[column + 1], top + (row + 1) * height),
        )
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )
    box = corners(xs[0], top, xs[-1], bottom)
    return Table(len(rows), len(rows[0]), cells, box=box)


def _page(table: Table, *texts: tuple[str, int]) -> PageResult:
    lines = tuple(line(text, 100, top, 500, top + 24) for text, top in texts)
    return PageResult(WIDTH, HEIGHT, lines=lines, tables=(table,))


def _rows(first: int, last: int) -> list[list[str]]:
    return [[str(year), f"town {year}", f"{year * 7}"] for year in range(first, last)]


def _tables(*pages: PageResult, join: bool = True) -> list[list[list[list[str]]]]:
    """The rows of each table of each page."""
    flow = document(*pages).flowing_pages(headers_footers=False, join=join)
    return [
        [block.table.texts() for block in page.blocks if isinstance(block, TableBlock)]
        for page in flow
    ]


def test_a_table_is_joined_on_its_first_page_without_the_repeated_head():
    pages = [_page(_table([HEAD, *_rows(a, a + 9)])) for a in (1900, 1909, 1918)]
    assert _tables(*pages) == [[[HEAD, *_rows(1900, 1927)]], [], []]


def test_a_joined_table_knows_the_row_with_which_each_page_begins():
    pages = [_page(_table([HEAD, *_rows(a, a + 9)])) for a in (1900, 1909, 1918)]
    first, *rest = document(*pages).flowing_pages()
    (block,) = first.blocks
    assert isinstance(block, TableBlock)
    assert block.page_rows == (10, 19)
    assert [page.starts_mid_table for page in (first, *rest)] == [False, True, True]


def test_a_table_without_a_repeated_head_is_joined():
    pages = [
        _page(_table([HEAD, *_rows(1900, 1909)])),
        _page(_table(_rows(1909, 1912), bottom=400)),
    ]
    assert _tables(*pages) == [[[HEAD, *_rows(1900, 1912)]], []]


def test_text_below_the_end_of_the_table_stays_on_its_page():
    pages = [
        _page(_table([HEAD, *_rows(1900, 1909)])),
        _page(_table([HEAD, *_rows(1909, 1912)], bottom=400), ("These are all years.", 500)),
    ]
    assert _tables(*pages) == [[[HEAD, *_rows(1900, 1912)]], []]
    flow = list(document(*pages).flowing_pages(headers_footers=False))
    assert [block.text for block in flow[1].blocks if isinstance(block, Paragraph)] == [
        "These are all years."
    ]


def test_headers_and_footers_between_the_parts_do_not_matter():
    pages = [
        _page(_table([HEAD, *_rows(a, a + 9)]), ("Report of all towns", 30), (f"{a}", 1350))
        for a in (1900, 1909)
    ]
    assert _tables(*pages) == [[[HEAD, *_rows(1900, 1918)]], []]


def test_merged_cells_keep_their_place():
    part = _table(_rows(1909, 1912), bottom=400)
    merged = Table(
        part.rows,
        part.columns,
        tuple(
            Cell(c.text, c.row, c.column, 1, 2 if (c.row, c.column) == (1, 1) else 1, box=c.box)
            for c in part.cells
            if (c.row, c.column) != (1, 2)
        ),
        box=part.box,
    )
    pages = [_page(_table([HEAD, *_rows(1900, 1909)])), _page(merged)]
    first, _ = document(*pages).flowing_pages(headers_footers=False)
    (block,) = (b for b in first.blocks if isinstance(b, TableBlock))
    assert [(c.row, c.column) for c in block.table.cells if c.column_span == 2] == [(11, 1)]


@pytest.mark.parametrize(
    "following",
    [
        _page(_table([HEAD, *_rows(1909, 1912)], top=300), ("Another table", 120)),
        _page(_table(_rows(1909, 1912), xs=(100, 400, 650, 900))),
        _page(_table([row[:2] for row in _rows(1909, 1912)], xs=(100, 250, 900))),
        _page(_table(_rows(1909, 1912), top=600)),
        _page(_table([["Month", "River", "Depth"], *_rows(1909, 1912)])),
        _page(_table([HEAD, *_rows(1900, 1909)])),
    ],
    ids=["text", "edges", "columns", "below free space", "another head", "the same form"],
)
def test_another_table_is_not_joined(following: PageResult):
    pages = [_page(_table([HEAD, *_rows(1900, 1909)])), following]
    assert [len(tables) for tables in _tables(*pages)] == [1, 1]


def test_a_table_that_ends_above_free_space_or_with_a_total_is_not_continued():
    above = _page(_table([HEAD, *_rows(1900, 1903)], bottom=400))
    total = _page(_table([HEAD, *_rows(1900, 1903), ["Total", "", "39921"]]))
    following = _page(_table(_rows(1909, 1912), bottom=400))
    assert [len(tables) for tables in _tables(above, following)] == [1, 1]
    assert [len(tables) for tables in _tables(total, following)] == [1, 1]


@pytest.mark.parametrize(("head", "count"), [([HEAD], 1), ([], 2)])
def test_more_space_may_be_free_above_a_repeated_head(head: list[list[str]], count: int):
    pages = [
        _page(_table([HEAD, *_rows(1900, 1909)], bottom=1000)),
        _page(_table([*head, *_rows(1909, 1912)], bottom=400)),
    ]
    assert sum(map(len, _tables(*pages))) == count


def test_tables_are_not_joined_unless_text_is():
    pages = [_page(_table([HEAD, *_rows(a, a + 9)])) for a in (1900, 1909)]
    assert [len(tables) for tables in _tables(*pages, join=False)] == [1, 1]


def test_a_row_like_the_first_one_of_the_page_before_is_kept():
    rows = [[f"2024-03-{day:02}", "ABC Trading", f"{100 + day}.00"] for day in range(1, 31)]
    pages = [_page(_table(part)) for part in ([HEAD, *rows[:10]], rows[10:20], rows[20:])]
    assert _tables(*pages) == [[[HEAD, *rows]], [], []]


def test_a_first_row_of_numbers_stays_even_if_the_next_page_begins_with_the_same():
    rows = [["1", "Screws", "12.50"], ["2", "Nails", "3.10"], ["3", "Hooks", "7.00"]]
    more = [rows[0], ["4", "Rings", "8.20"], ["5", "Bolts", "9.90"]]
    assert _tables(_page(_table(rows)), _page(_table(more))) == [[[*rows, *more]], []]


def test_names_that_differ_by_a_letter_are_kept():
    head = ["Name", "Department", "Remark"]
    rows = [["Smith, John", "Sales", "new"], ["Wu, Li", "Stock", "none"]]
    more = [["Smith, Joan", "Sales", "new"], ["Ma, Jun", "Stock", "none"]]
    without = _tables(_page(_table(rows)), _page(_table(more)))
    assert without == [[[*rows, *more]], []]
    repeated = _tables(_page(_table([head, *rows])), _page(_table([head, *more])))
    assert repeated == [[[head, *rows, *more]], []]


@pytest.mark.parametrize("letters", ["Yeer Place Sum", "Year Piace Sum", "YEAR Place Ｓｕｍ"])
def test_a_repeated_head_may_be_recognised_with_other_letters(letters: str):
    pages = [
        _page(_table([HEAD, *_rows(1900, 1909)])),
        _page(_table([letters.split(), *_rows(1909, 1912)])),
    ]
    assert _tables(*pages) == [[[HEAD, *_rows(1900, 1912)]], []]


def test_a_known_head_of_words_may_be_recognised_with_other_letters():
    head, other = ["Name", "Department", "Remark"], ["Name", "Departrnent", "Remark"]
    rows, more = [["Smith", "Sales", "new"]] * 4, [["Wu", "Stock", "none"]] * 4
    first, part = _table([head, *rows]), _table([other, *more])
    pages = [_page(replace(table, head_rows=1)) for table in (first, part)]
    (joined,) = next(iter(document(*pages).flowing_pages(headers_footers=False))).blocks
    assert isinstance(joined, TableBlock)
    assert joined.table.texts() == [head, *rows, *more]
    assert joined.table.head_rows == 1


def test_a_part_with_another_known_head_is_a_table_of_its_own():
    rows, more = [["Smith", "Sales", "new"]] * 4, [["Wu", "Stock", "none"]] * 4
    first = replace(_table([["Name", "Unit", "Remark"], *rows]), head_rows=1)
    part = replace(_table([["Buyer", "Thing", "Place"], *more]), head_rows=1)
    assert [len(tables) for tables in _tables(_page(first), _page(part))] == [1, 1]


def test_a_repeated_head_has_the_same_digits():
    parts = [
        [["Item", "Place", f"Sales {year}"], *[[f"{n}", f"town {n}", f"{n}.50"] for n in numbers]]
        for year, numbers in ((2023, range(9)), (2024, range(9, 18)))
    ]
    tables = [table for page in _tables(*map(_page, map(_table, parts))) for table in page]
    assert [row for table in tables for row in table] == [*parts[0], *parts[1]]


def test_years_above_amounts_are_a_head():
    head = ["Item", "2023", "2022"]
    rows = [[f"item {n}", f"{n * 311:,}", f"{n * 177:,}"] for n in range(1, 19)]
    pages = [_page(_table([head, *part])) for part in (rows[:9], rows[9:])]
    assert _tables(*pages) == [[[head, *rows]], []]


TEXTS = ["", "Green tea", "Porto", "总数", "7", "12.50", "2023", "2024-03-01", "A12", "—", "☑"]
ROWS = st.lists(st.lists(st.sampled_from(TEXTS), min_size=3, max_size=3), min_size=1, max_size=5)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(parts=st.lists(ROWS, min_size=2, max_size=4), is_repeated=st.booleans())
@example(
    parts=[
        [["", "", ""]],
        [["7", "Green tea", ""], ["", "7", ""]],
        [["7", "Green tea", ""], ["", "", ""]],
    ],
    is_repeated=False,
)
def test_only_texts_of_the_head_of_an_earlier_part_are_left_out(
    parts: list[list[list[str]]], is_repeated: bool
):
    if is_repeated:
        parts = [[HEAD, *rows] for rows in parts]
    before = _characters(parts)
    tables = _tables(*(_page(_table(rows)) for rows in parts))
    after = _characters([rows for page in tables for rows in page])
    assert not after - before
    # A part that does not continue the one before may begin a table with a head of its own.
    heads = _characters([rows[:3] for rows in parts[:-1]])
    assert set(before - after) <= set(heads)
    assert not _characters([parts[0][:3]]) - after
    assert tables[0][0][: len(parts[0]) - 1] == parts[0][:-1]  # the last row may continue


def _characters(tables: list[list[list[str]]]) -> Counter[str]:
    return Counter(
        char for rows in tables for row in rows for text in row for char in text if char != " "
    )


@pytest.mark.parametrize(
    "mark", ["Table 1 (continued)", "Table 1, cont'd", "续表1", "表 1（续）", "Table 1: Rain"]
)
def test_a_table_is_joined_over_a_mark_that_shows_that_it_continues(mark: str):
    pages = [
        _page(_table([HEAD, *_rows(1900, 1909)], top=400), ("Table 1: Rain", 350)),
        _page(_table([HEAD, *_rows(1909, 1912)], top=200, bottom=400), (mark, 150)),
    ]
    assert _tables(*pages) == [[[HEAD, *_rows(1900, 1912)]], []]
    flow = list(document(*pages).flowing_pages(headers_footers=False))
    assert not flow[1].blocks


@pytest.mark.parametrize(
    "title",
    ["Table 2: Rain", "Table 2 (continued)", "续表2", "It rained. (more below)", "续：", "Rain"],
)
def test_a_table_with_its_own_title_is_not_joined(title: str):
    pages = [
        _page(_table([HEAD, *_rows(1900, 1909)], top=400), ("Table 1: Rain", 350)),
        _page(_table([HEAD, *_rows(1909, 1912)], top=200, bottom=400), (title, 150)),
    ]
    assert _tables(*pages) == [
        [[HEAD, *_rows(1900, 1909)]],
        [[HEAD, *_rows(1909, 1912)]],
    ]


def test_a_row_that_continues_on_the_next_page_is_joined():
    rows = [[str(year), f"Rain in the town of {year}", "0.5"] for year in range(1900, 1909)]
    rest = ["", "and snow", ""]
    pages = [
        _page(_table([HEAD, *rows])),
        _page(_table([HEAD, rest, *_rows(1909, 1912)], bottom=400)),
    ]
    whole = ["1908", "Rain in the town of 1908 and snow", "0.5"]
    assert _tables(*pages) == [[[HEAD, *rows[:-1], whole, *_rows(1909, 1912)]], []]


@pytest.mark.parametrize(
    "row",
    [["", "Sums", "12.5"], ["", "1908", ""], ["", "", "0.5"], ["1909", "and snow", ""]],
)
def test_a_row_of_its_own_at_the_top_of_a_page_is_not_joined(row: list[str]):
    rows = [[str(year), f"Rain in the town of {year}", "0.5"] for year in range(1900, 1909)]
    pages = [_page(_table([HEAD, *rows])), _page(_table([row, *_rows(1909, 1912)], bottom=400))]
    assert _tables(*pages) == [[[HEAD, *rows, row, *_rows(1909, 1912)]], []]


def test_two_columns_of_a_part_that_were_found_as_one_are_divided():
    rows = [[str(year), "", f"{year * 7}"] for year in range(1909, 1912)]
    part = _table([["Year", "Place Sum"], *[[a, c] for a, _, c in rows]], xs=(100, 250, 900))
    places = [("Place", 260, 105), *((row[2], 610, 405 + 300 * n) for n, row in enumerate(rows))]
    lines = (
        *(line(text, x, y, x + 80, y + 24) for text, x, y in places),
        line("Sum", 610, 105, 690, 129),
        *(line(row[0], 110, 405 + 300 * n, 190, 429 + 300 * n) for n, row in enumerate(rows)),
        line("Year", 110, 105, 190, 129),
    )
    first = _page(_table([HEAD, *_rows(1900, 1909)]))
    following = PageResult(WIDTH, HEIGHT, lines=lines, tables=(part,))
    assert _tables(first, following) == [[[HEAD, *_rows(1900, 1909), *rows]], []]


def test_cells_without_a_place_are_not_divided():
    rows = [[str(year), f"{year * 7}"] for year in range(1909, 1912)]
    part = _table([["Year", "Sum"], *rows], xs=(100, 250, 900))
    cells = [replace(cell, text="") if cell.column else cell for cell in part.cells]
    part = replace(part, cells=(*cells[:-1], replace(cells[-1], box=None)))
    pages = [_page(_table([HEAD, *_rows(1900, 1909)])), _page(part)]
    assert [len(tables) for tables in _tables(*pages)] == [1, 1]


def test_the_rulings_of_both_parts_keep_their_rows_where_one_is_broken():
    rows = [[str(year), f"Rain in the town of {year}", "0.5"] for year in range(1900, 1909)]
    below = [["", "and snow", ""], *_rows(1909, 1912)]
    first = replace(_table([HEAD, *rows]), ruled_edges=tuple(range(10)))
    part = replace(_table([HEAD, *below], bottom=400), ruled_edges=tuple(range(1, 6)))
    flow = document(_page(first), _page(part)).flowing_pages(headers_footers=False, join=True)
    (block,) = next(iter(flow)).blocks
    assert isinstance(block, TableBlock)
    assert block.table.rows == 13
    assert block.table.ruled_edges == tuple(range(14))


def test_a_part_with_a_line_over_an_edge_keeps_its_columns():
    part = _table([[str(year), f"all of {year}"] for year in range(1909, 1912)], xs=(100, 250, 900))
    lines = tuple(
        line(f"all of {year}", 500, 105 + 400 * n, 700, 129 + 400 * n)
        for n, year in enumerate(range(1909, 1912))
    )
    following = PageResult(WIDTH, HEIGHT, lines=lines, tables=(part,))
    pages = [_page(_table([HEAD, *_rows(1900, 1909)])), following]
    assert [len(tables) for tables in _tables(*pages)] == [1, 1]
