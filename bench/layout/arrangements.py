"""Random arrangements of lines on a page, in their true reading order, without any picture.

A page is drawn as the boxes that a detector would report for it, which takes a millisecond. Each
kind of page is a function with the random numbers of that page; ``TUNING`` and ``TEST`` divide
the kinds, so that a rule is measured on kinds that it was not made for.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from bench.layout.sheet import Sheet, wrapped
from ocrportal.results import PageResult
from ocrportal.text import ems_of

Kind = Callable[[Sheet], None]


def _margins(sheet: Sheet) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the type area."""
    side = sheet.width * sheet.random.uniform(0.07, 0.13)
    return side, sheet.height * 0.08, sheet.width - side, sheet.height * 0.92


def _split(sheet: Sheet, left: float, right: float, count: int, gutter: float) -> list[float]:
    """The left edges of columns of equal width."""
    width = (right - left - gutter * (count - 1)) / count
    return [left + number * (width + gutter) for number in range(count)]


def _running_head(sheet: Sheet) -> None:
    left, top, right, _ = _margins(sheet)
    middle = top - 2 * sheet.em
    sheet.put(sheet.term(), left, middle, 0.8 * sheet.em)
    if sheet.random.random() < 0.5:
        number = str(sheet.random.randint(2, 300))
        sheet.put(number, right - ems_of(number) * 0.8 * sheet.em, middle, 0.8 * sheet.em)


def _page_number(sheet: Sheet, center: float) -> None:
    number = str(sheet.random.randint(2, 300))
    sheet.centred(number, center, sheet.height * 0.95, 0.8 * sheet.em)


def _style(sheet: Sheet) -> dict[str, float]:
    if sheet.random.random() < 0.5:
        return {"indent": 2.0 if sheet.is_chinese else 1.5, "pitch": sheet.random.uniform(1.3, 1.8)}
    return {"gap": sheet.random.uniform(0.5, 1.0), "pitch": sheet.random.uniform(1.3, 1.8)}


def report(sheet: Sheet) -> None:
    """One column: a title, headings, paragraphs, a list."""
    left, top, right, bottom = _margins(sheet)
    _running_head(sheet)
    style = _style(sheet)
    sheet.centred(sheet.term(), (left + right) / 2, top, 1.8 * sheet.em)
    top += 3 * sheet.em
    for _ in range(3):
        sheet.put(sheet.term(), left, top, 1.2 * sheet.em)
        top += 2 * sheet.em
        top = sheet.paragraphs(
            [sheet.prose(4) for _ in range(2)], left, right - left, top, bottom=bottom, **style
        )
        items = [f"• {sheet.prose(1)}" for _ in range(sheet.random.randint(2, 5))]
        top = sheet.paragraphs(items, left + sheet.em, right - left - sheet.em, top, bottom=bottom)
        top += sheet.em
    _page_number(sheet, (left + right) / 2)


def paper(sheet: Sheet) -> None:
    """Two columns below a title, authors side by side and an abstract, with notes and a figure."""
    left, top, right, bottom = _margins(sheet)
    if sheet.random.random() < 0.5:
        _running_head(sheet)
    center = (left + right) / 2
    for _ in range(sheet.random.choice([1, 2])):
        sheet.centred(f"{sheet.term()} {sheet.term()} {sheet.term()}", center, top, 1.7 * sheet.em)
        top += 2.4 * sheet.em
    authors = sheet.random.choice([1, 2, 3])
    for number in range(authors):
        middle = left + (right - left) * (number + 0.5) / authors
        for row, text in enumerate((sheet.name(), sheet.term(), f"{sheet.name()}@a.org")):
            sheet.centred(text, middle, top + 1.4 * row * sheet.em, 0.9 * sheet.em)
    top += 6 * sheet.em
    if sheet.random.random() < 0.6:
        inset = sheet.random.choice([0, 3 * sheet.em])
        width = right - left - 2 * inset
        top = sheet.paragraphs([sheet.prose(4)], left + inset, width, top, em=0.9 * sheet.em)
        top += 2 * sheet.em
    _columns_with_blocks(sheet, left, right, top, bottom, 2)
    _page_number(sheet, center)


def _columns_with_blocks(
    sheet: Sheet, left: float, right: float, top: float, bottom: float, count: int
) -> None:
    """Columns of paragraphs with headings, a figure with its caption, and footnotes."""
    gutter = sheet.random.uniform(1.0, 2.2) * sheet.em
    starts = _split(sheet, left, right, count, gutter)
    width = (right - left - gutter * (count - 1)) / count
    style = _style(sheet)
    figure = sheet.random.choice(starts) if sheet.random.random() < 0.5 else None
    notes = sheet.random.choice(starts) if sheet.random.random() < 0.4 else None
    ends = [bottom] * count
    if sheet.random.random() < 0.4:
        ends[-1] = top + (bottom - top) * sheet.random.uniform(0.3, 0.9)
    for start, end in zip(starts, ends, strict=True):
        place = top
        until = end - 6 * sheet.em if start == notes else end
        while place < until - 3 * sheet.em:
            if sheet.random.random() < 0.35:
                if place > top:
                    place += 0.8 * sheet.em
                sheet.put(sheet.term(), start, place + 0.8 * sheet.em, 1.1 * sheet.em)
                place += 2 * sheet.em
            if start == figure and until - place > 20 * sheet.em:
                place += 12 * sheet.em
                caption = f"{'图' if sheet.is_chinese else 'Fig. '}1 {sheet.prose(1)}"
                place = sheet.paragraphs([caption], start, width, place, em=0.85 * sheet.em)
                place += 1.5 * sheet.em
                figure = None
            texts = [sheet.prose(sheet.random.choice([2, 4, 6]))]
            place = sheet.paragraphs(texts, start, width, place, bottom=until, **style)
        if start == notes and end == bottom:
            sheet.paragraphs(
                [f"1 {sheet.prose(1)}"],
                start,
                width,
                bottom - 4.5 * sheet.em,
                em=0.8 * sheet.em,
                bottom=bottom,
            )


def magazine(sheet: Sheet) -> None:
    """Three or four narrow columns below a headline, with a photo across two of them."""
    left, top, right, bottom = _margins(sheet)
    count = sheet.random.choice([3, 4])
    sheet.em = sheet.random.uniform(15, 18)
    gutter = sheet.random.uniform(0.9, 1.8) * sheet.em
    starts = _split(sheet, left, right, count, gutter)
    width = starts[1] - starts[0] - gutter
    sheet.put(f"{sheet.term()} {sheet.term()}", left, top, 3 * sheet.em)
    top += 4 * sheet.em
    photo = sheet.random.choice([None, *range(count - 1)])
    photo_bottom = top + sheet.random.uniform(0.2, 0.5) * (bottom - top)
    style = _style(sheet) | {"pitch": sheet.random.uniform(1.2, 1.4)}
    for number, start in enumerate(starts):
        begin = top
        if photo is not None and photo <= number <= photo + 1:
            begin = photo_bottom + 3 * sheet.em
            if number == photo:
                spread = 2 * width + gutter
                texts = [sheet.prose(1)]
                sheet.paragraphs(texts, start, spread, photo_bottom, em=0.85 * sheet.em)
        sheet.column(start, width, begin, bottom, **style)
    _page_number(sheet, right - sheet.em)


def unruled_table(sheet: Sheet) -> None:
    """Rows of cells without rulings between two paragraphs."""
    left, top, right, bottom = _margins(sheet)
    style = _style(sheet)
    top = sheet.paragraphs([sheet.prose(3)], left, right - left, top, **style) + sheet.em
    columns = sheet.random.randint(3, 7)
    pitch = sheet.random.uniform(1.4, 2.2) * sheet.em
    first = sheet.random.uniform(0.2, 0.4) * (right - left)
    starts = [left, *_split(sheet, left + first, right, columns - 1, 1.5 * sheet.em)]
    ends = [*(start - 1.5 * sheet.em for start in starts[1:]), right]
    wide = sheet.random.random() < 0.3
    for row in range(sheet.random.randint(4, 18)):
        for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
            if number == 0 or row == 0:
                text = sheet.term()
            elif sheet.random.random() < 0.1:
                continue
            else:
                text = sheet.name() if wide and number == 1 else sheet.amount()
            if ems_of(text) * sheet.em > end - start:
                text = text[: int((end - start) / sheet.em)] or "0"
            room = end - start - ems_of(text) * sheet.em
            sheet.put(text, start + (room if number else 0), top + pitch / 2)
        top += pitch
    top += sheet.em
    sheet.paragraphs([sheet.prose(4)], left, right - left, top, bottom=bottom, **style)


def form(sheet: Sheet) -> None:
    """Labels with values, two pairs in a row."""
    left, top, right, _ = _margins(sheet)
    sheet.centred(sheet.term(), (left + right) / 2, top, 1.6 * sheet.em)
    top += 4 * sheet.em
    middle = left + (right - left) * sheet.random.uniform(0.45, 0.6)
    pitch = sheet.random.uniform(2.0, 3.0) * sheet.em
    for _ in range(sheet.random.randint(5, 12)):
        for start in (left, middle):
            label = sheet.put(f"{sheet.term()}:", start, top)
            if sheet.random.random() < 0.8:
                sheet.put(sheet.name(), label + sheet.random.uniform(0.5, 2) * sheet.em, top)
        top += pitch


def cards(sheet: Sheet) -> None:
    """Cards in a grid: each a title with some short lines."""
    left, top, right, bottom = _margins(sheet)
    sheet.put(sheet.term(), left, top, 1.8 * sheet.em)
    top += 4 * sheet.em
    count = sheet.random.choice([2, 3, 4])
    gutter = sheet.random.uniform(1.5, 4) * sheet.em
    starts = _split(sheet, left, right, count, gutter)
    width = starts[1] - starts[0] - gutter
    pitch = sheet.random.uniform(1.3, 1.7)
    for _ in range(sheet.random.randint(2, 4)):
        below = top
        for start in starts:
            sheet.put(sheet.term(), start, top + sheet.em, 1.2 * sheet.em)
            end = sheet.paragraphs(
                [sheet.prose(1)], start, width, top + 2 * sheet.em, pitch=pitch, bottom=bottom
            )
            below = max(below, end)
        top = below + sheet.random.uniform(2, 4) * sheet.em
        if top > bottom - 8 * sheet.em:
            break


def spread(sheet: Sheet) -> None:
    """Two facing pages, each of one column."""
    sheet.width, sheet.height = sheet.height * 1.3, sheet.width
    half = sheet.width / 2
    style = _style(sheet)
    for page in range(2):
        left, right = page * half + 0.08 * sheet.width, (page + 1) * half - 0.07 * sheet.width
        top, bottom = 0.1 * sheet.height, 0.88 * sheet.height
        if sheet.random.random() < 0.5:
            sheet.put(sheet.term(), left, 0.06 * sheet.height, 0.8 * sheet.em)
        if sheet.random.random() < 0.4:
            top = sheet.height * sheet.random.uniform(0.1, 0.3)
            sheet.put(sheet.term(), left, top, 1.4 * sheet.em)
            top += 3 * sheet.em
        sheet.column(left, right - left, top, bottom, **style)
        _page_number(sheet, (left + right) / 2)


def sidebar(sheet: Sheet) -> None:
    """A wide column beside a narrow one in smaller type."""
    left, top, right, bottom = _margins(sheet)
    narrow = (right - left) * sheet.random.uniform(0.22, 0.32)
    gutter = sheet.random.uniform(1.5, 3) * sheet.em
    style = _style(sheet)
    small = {"em": sheet.em * sheet.random.uniform(0.75, 0.9), "pitch": 1.4, "gap": 0.6}
    sheet.put(f"{sheet.term()} {sheet.term()}", left, top, 2 * sheet.em)
    top += 3.5 * sheet.em
    end = top + (bottom - top) * sheet.random.uniform(0.3, 0.9)
    if sheet.random.random() < 0.5:
        sheet.column(left, right - left - narrow - gutter, top, bottom, **style)
        sheet.column(right - narrow, narrow, top, end, **small)
    else:
        sheet.column(left, narrow, top, end, **small)
        sheet.column(left + narrow + gutter, right - left - narrow - gutter, top, bottom, **style)


def curriculum_vitae(sheet: Sheet) -> None:
    """Dates on the left, each with some lines of text on the right."""
    left, top, right, bottom = _margins(sheet)
    sheet.put(f"{sheet.name()} {sheet.name()}", left, top, 2 * sheet.em)
    top += 4 * sheet.em
    start = left + sheet.random.uniform(7, 12) * sheet.em
    while top < bottom - 8 * sheet.em:
        sheet.put(sheet.term(), left, top, 1.3 * sheet.em)
        top += 2.2 * sheet.em
        for _ in range(sheet.random.randint(1, 3)):
            year = sheet.random.randint(1980, 2020)
            sheet.put(f"{year}–{year + 3}", left, top + 0.75 * sheet.em)
            top = sheet.paragraphs([sheet.prose(2)], start, right - start, top, bottom=bottom)
            top += 0.8 * sheet.em


def slide(sheet: Sheet) -> None:
    """A title, and two lists side by side."""
    sheet.width, sheet.height, sheet.em = 1600, 900, 30
    left, right, top = 110, 1490, 120.0
    sheet.put(sheet.term(), left, top, 2 * sheet.em)
    top += 110
    for start in (left, 830):
        place = top
        if sheet.random.random() < 0.7:
            sheet.put(sheet.term(), start, place, 1.2 * sheet.em)
            place += 2 * sheet.em
        for _ in range(sheet.random.randint(3, 5)):
            text = f"• {sheet.term()} {sheet.term() if sheet.random.random() < 0.5 else ''}".strip()
            sheet.put(text, start + sheet.em, place)
            place += 2.2 * sheet.em
    if sheet.random.random() < 0.5:
        sheet.put("7", right, 860, 0.7 * sheet.em)


def receipt(sheet: Sheet) -> None:
    """Items with their prices at the right edge."""
    sheet.width, sheet.height = 600, 1400
    left, right, top = 40.0, 560.0, 60.0
    for _ in range(3):
        sheet.centred(sheet.term(), 300, top)
        top += 1.5 * sheet.em
    for _ in range(sheet.random.randint(5, 20)):
        top += 1.5 * sheet.em
        sheet.put(sheet.term(), left, top)
        amount = sheet.amount()
        sheet.put(amount, right - ems_of(amount) * sheet.em, top)
        if sheet.random.random() < 0.3:
            top += 1.5 * sheet.em
            sheet.put(f"2 x {sheet.amount()}", left + sheet.em, top)


def newspaper(sheet: Sheet) -> None:
    """Articles in tiles, each with a headline over its own columns."""
    left, top, right, bottom = _margins(sheet)
    sheet.em = sheet.random.uniform(14, 16)
    sheet.centred(sheet.term(), (left + right) / 2, top - 30, 4 * sheet.em)
    top += 4 * sheet.em
    style = {"indent": 1.5, "pitch": 1.25}
    gutter = 1.4 * sheet.em
    starts = _split(sheet, left, right, 4, gutter)
    width = starts[1] - starts[0] - gutter
    middle = top + (bottom - top) * sheet.random.uniform(0.35, 0.65)
    rows = [(top, middle - 2 * sheet.em), (middle, bottom)]
    for begin, end in rows:
        for first, count in sheet.random.choice([((0, 4),), ((0, 2), (2, 2)), ((0, 3), (3, 1))]):
            place = begin + 1.3 * sheet.em
            head = 2.4 * sheet.em if count > 1 else 1.6 * sheet.em
            sheet.put(sheet.term(), starts[first], place, head)
            for number in range(first, first + count):
                sheet.column(starts[number], width, place + 2.2 * sheet.em, end, **style)


def leaflet(sheet: Sheet) -> None:
    """Three panels on a landscape page, each with its own headings."""
    sheet.width, sheet.height = sheet.height, sheet.width
    gutter = sheet.random.uniform(3, 6) * sheet.em
    starts = _split(sheet, 60, sheet.width - 60, 3, gutter)
    width = starts[1] - starts[0] - gutter
    for start in starts:
        top = sheet.height * sheet.random.uniform(0.08, 0.2)
        while top < sheet.height * sheet.random.uniform(0.5, 0.9):
            sheet.put(
                sheet.term(), start, top + sheet.em, sheet.random.uniform(1.1, 1.8) * sheet.em
            )
            texts = [sheet.prose(2)]
            bottom = sheet.height * 0.93
            top = sheet.paragraphs(texts, start, width, top + 2.4 * sheet.em, bottom=bottom)
            top += sheet.random.uniform(1, 3) * sheet.em


def examination(sheet: Sheet) -> None:
    """Questions in two columns, with answers to choose from in rows or one below the other."""
    left, top, right, bottom = _margins(sheet)
    sheet.centred(f"{sheet.term()} {sheet.term()}", (left + right) / 2, top, 1.7 * sheet.em)
    top += 3 * sheet.em
    gutter = sheet.random.uniform(1.5, 3) * sheet.em
    number = 0
    for start in _split(sheet, left, right, 2, gutter):
        width = (right - left - gutter) / 2
        place = top
        while place < bottom - 8 * sheet.em:
            number += 1
            question = [f"{number}. {sheet.prose(1)}"]
            place = sheet.paragraphs(question, start, width, place, bottom=bottom)
            answers = [f"{letter}. {sheet.name()}" for letter in "ABCD"]
            across = sheet.random.choice([1, 2, 4])
            if any(ems_of(text) * sheet.em > width / across - sheet.em for text in answers):
                across = 1
            for index, text in enumerate(answers):
                x = start + index % across * width / across
                sheet.put(text, x, place + (index // across + 0.5) * 1.5 * sheet.em)
            place += 4 // across * 1.5 * sheet.em + sheet.em


def verses(sheet: Sheet) -> None:
    """Poems in two columns, or on two facing pages: short lines only."""
    if sheet.random.random() < 0.5:
        sheet.width, sheet.height = sheet.height * 1.2, sheet.width
    starts = (0.1 * sheet.width, 0.56 * sheet.width)
    for start in starts:
        top = sheet.height * sheet.random.choice([0.1, 0.1, 0.2])
        while top < 0.85 * sheet.height:
            sheet.put(sheet.term(), start, top, 1.3 * sheet.em)
            top += 2 * sheet.em
            for _ in range(sheet.random.choice([1, 2])):
                end = min(top + 1.6 * 4 * sheet.em, 0.95 * sheet.height)
                while top < end:
                    row = sheet.prose(1)[:30] if not sheet.is_chinese else sheet.prose(1)[:7] + "，"
                    sheet.put(row.strip(), start, top)
                    top += 1.6 * sheet.em
                top += sheet.em
            top += sheet.em


def index(sheet: Sheet) -> None:
    """The index of a book: entries with page numbers, in two or three columns."""
    left, top, right, bottom = _margins(sheet)
    sheet.put(sheet.term(), left, top, 1.8 * sheet.em)
    top += 4 * sheet.em
    count = sheet.random.choice([2, 3])
    for start in _split(sheet, left, right, count, 2 * sheet.em):
        place = top
        while place < bottom:
            inset = sheet.random.choice([0, 0, sheet.em])
            pages = ", ".join(str(sheet.random.randint(2, 400)) for _ in range(2))
            sheet.put(f"{sheet.term()}, {pages}", start + inset, place)
            place += 1.4 * sheet.em


def contents(sheet: Sheet) -> None:
    """A list of contents: entries with page numbers at the right edge."""
    left, top, right, bottom = _margins(sheet)
    sheet.centred(sheet.term(), (left + right) / 2, top, 1.8 * sheet.em)
    top += 4 * sheet.em
    pitch = sheet.random.uniform(1.5, 2.2) * sheet.em
    for number in range(1, sheet.random.randint(10, 25)):
        if top > bottom:
            break
        sheet.put(f"{number}. {sheet.term()}", left + sheet.random.choice([0, 2]) * sheet.em, top)
        place = str(5 * number)
        sheet.put(place, right - ems_of(place) * sheet.em, top)
        top += pitch


def letter(sheet: Sheet) -> None:
    """A letter: sender and receiver, the date at the right, paragraphs, a signature."""
    left, top, right, bottom = _margins(sheet)
    pitch = 1.5 * sheet.em
    top = sheet.rows((sheet.name(), sheet.term(), "12 Hill Road"), left, top, pitch) + 2 * sheet.em
    date = "12/11/2024"
    sheet.put(date, right - ems_of(date) * sheet.em, top)
    top += 3 * sheet.em
    top = sheet.rows((f"{sheet.name()},",), left, top, pitch) + sheet.em
    style = {"gap": 1.0}
    texts = [sheet.prose(3) for _ in range(3)]
    top = sheet.paragraphs(texts, left, right - left, top, bottom=bottom, **style)
    sheet.rows((sheet.term(), sheet.name()), right - 12 * sheet.em, top + sheet.em, pitch)


def margin_notes(sheet: Sheet) -> None:
    """Paragraphs with short notes beside them in the margin."""
    left, top, right, bottom = _margins(sheet)
    start = left + 9 * sheet.em
    while top < bottom - 8 * sheet.em:
        note = sheet.term()
        sheet.put(note, left, top + 0.75 * sheet.em, 0.75 * sheet.em)
        top = sheet.paragraphs([sheet.prose(4)], start, right - start, top, bottom=bottom, gap=0.8)


def dictionary(sheet: Sheet) -> None:
    """Entries with hanging indents in two narrow columns."""
    left, top, right, bottom = _margins(sheet)
    sheet.em = 16
    gutter = sheet.random.uniform(1, 2) * sheet.em
    _running_head(sheet)
    for start in _split(sheet, left, right, 2, gutter):
        width = (right - left - gutter) / 2
        place = top
        while place < bottom - 3 * sheet.em:
            head = f"{sheet.name()} "
            rows = wrapped(
                head + sheet.prose(sheet.random.choice([1, 1, 2])), width / sheet.em - 1.5
            )
            for number, row in enumerate(rows):
                inset = 1.5 * sheet.em if number else 0
                sheet.put(row, start + inset, place + 0.65 * sheet.em)
                place += 1.3 * sheet.em


def menu(sheet: Sheet) -> None:
    """Dishes with prices in two columns, in groups with headings."""
    left, top, right, _ = _margins(sheet)
    sheet.centred(sheet.term(), (left + right) / 2, top, 2.2 * sheet.em)
    top += 4 * sheet.em
    gutter = sheet.random.uniform(4, 6) * sheet.em
    for number, start in enumerate(_split(sheet, left, right, 2, gutter)):
        end = start + (right - left - gutter) / 2
        place = top
        for _ in range(sheet.random.randint(2, 3)):
            sheet.put(sheet.term(), start, place, 1.4 * sheet.em)
            place += 2.4 * sheet.em
            # Groups that end at the same height in both columns could be read across too.
            for _ in range(2 * sheet.random.randint(2, 4) + number):
                sheet.put(sheet.term(), start, place)
                price = f"{sheet.random.randint(2, 40)}.50"
                sheet.put(price, end - ems_of(price) * sheet.em, place)
                place += 1.8 * sheet.em
            place += sheet.em


TUNING: Sequence[Kind] = (
    report, paper, magazine, unruled_table, form, cards, spread, sidebar, curriculum_vitae,
    slide, receipt, leaflet, examination, verses, index, menu, margin_notes,
)  # fmt: skip
TEST: Sequence[Kind] = (newspaper, contents, letter, dictionary)


def arranged(kind: Kind, seed: int) -> tuple[PageResult, list[str]]:
    """A page of a kind as an engine reports it, and its lines in reading order."""
    chance = random.Random(f"{kind.__name__} {seed}")
    sheet = Sheet(chance, chance.choice(["zh", "en"]))
    sheet.em = chance.uniform(16, 22)
    kind(sheet)
    return sheet.page()
