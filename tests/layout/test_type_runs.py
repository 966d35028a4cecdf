from dataclasses import replace

from ocrportal.layout.blocks import Paragraph, TextLine, TextRun
from ocrportal.layout.type_runs import joined_runs, part_of, resized, text_runs
from ocrportal.results import Char, Line, PageResult, Type, TypeRun
from tests.exporters.pages import laid_out, line, page_of

PLAIN, BOLD = Type(20), Type(20, bold=True)


def typed(text: str, top: float, *runs: TypeRun) -> Line:
    """A line whose characters have the same width."""
    count = len(text)
    chars = tuple(Char(char, i / count, (i + 1) / count, 1.0) for i, char in enumerate(text))
    return replace(line(text, 100, top, 100 + 12 * count, top + 24), chars=chars, runs=runs)


def runs_of(lines: list[Line], text: str) -> list[tuple[str, bool]]:
    printed = [TextLine((found.text,), (index,)) for index, found in enumerate(lines)]
    found = text_runs(page_of(lines), printed, text)
    return [(run.text, run.type.bold) for run in found]


def test_a_joined_text_keeps_the_type_of_each_line():
    lines = [
        typed("one two", 100, TypeRun(0, 4 / 7, PLAIN), TypeRun(4 / 7, 1, BOLD)),
        typed("three", 130, TypeRun(0, 1, BOLD)),
    ]
    assert runs_of(lines, "one two three") == [("one ", False), ("two three", True)]


def test_a_hyphen_that_joining_drops_shifts_nothing():
    lines = [
        typed("hyphen-", 100, TypeRun(0, 1, PLAIN)),
        typed("ated bold", 130, TypeRun(0, 5 / 9, PLAIN), TypeRun(5 / 9, 1, BOLD)),
    ]
    assert runs_of(lines, "hyphenated bold") == [("hyphenated ", False), ("bold", True)]


def test_a_space_between_two_lines_shifts_nothing():
    lines = [
        typed("who is", 100, TypeRun(0, 1, PLAIN)),
        typed(
            "in no case",
            130,
            TypeRun(0, 0.3, PLAIN),
            TypeRun(0.3, 0.5, BOLD),
            TypeRun(0.5, 1, PLAIN),
        ),
        typed("a result", 160, TypeRun(0, 1, BOLD)),
    ]
    assert runs_of(lines, "who is in no case a result") == [
        ("who is in ", False),
        ("no", True),
        (" case ", False),
        ("a result", True),
    ]


def test_a_text_has_no_runs_if_the_type_of_no_line_is_known():
    assert runs_of([typed("one", 100), typed("two", 130)], "one two") == []
    some = [typed("one", 100, TypeRun(0, 1, BOLD)), typed("two", 130)]
    assert runs_of(some, "one two") == [("one ", True), ("two", False)]


def test_a_text_that_was_changed_has_the_type_of_most_of_its_line():
    entry = [typed("Results ....... 12", 100, TypeRun(0, 0.8, BOLD), TypeRun(0.8, 1, PLAIN))]
    assert runs_of(entry, "Results\t12") == [("Results\t12", True)]


def test_sizes_are_those_of_the_page_on_which_the_text_is_joined():
    assert resized((TextRun("two", Type(41)),), 2) == (TextRun("two", Type(20.5)),)


def test_runs_of_two_pages_are_joined_with_the_space_between_them():
    first, rest = (TextRun("one", BOLD),), (TextRun("two", PLAIN),)
    assert joined_runs("one two", first, rest) == (TextRun("one ", BOLD), TextRun("two", PLAIN))
    assert joined_runs("onetwo", (TextRun("one-", BOLD),), rest) == (
        TextRun("one", BOLD),
        TextRun("two", PLAIN),
    )


def test_a_part_of_a_text_keeps_its_type():
    runs = (TextRun("1. ", PLAIN), TextRun("item", BOLD))
    assert part_of(runs, 4) == (TextRun("tem", BOLD),)
    assert part_of(runs, 1, 5) == (TextRun(". ", PLAIN), TextRun("it", BOLD))
    assert part_of("1. item", 1, 5) == ". it"


def test_a_paragraph_has_the_known_type_size_of_most_of_its_text():
    lines = (typed("a line of wide type", 100, TypeRun(0, 1, Type(31.5))),)
    (paragraph,) = laid_out(PageResult(1000, 1400, lines)).blocks
    assert isinstance(paragraph, Paragraph)
    assert paragraph.style.size == 31.5
    assert paragraph.runs == (TextRun("a line of wide type", Type(31.5)),)


def of_type(kind: Type, *rows: str, top: float) -> list[Line]:
    """Rows as wide as the first one, of one type."""
    width = 12 * len(rows[0])
    return [
        replace(
            line(row, 100, top + 30 * i, 100 + width, top + 30 * i + 24),
            runs=(TypeRun(0, 1, kind),),
        )
        for i, row in enumerate(rows)
    ]


def test_rows_of_other_sizes_and_text_after_a_bold_row_are_paragraphs_of_their_own():
    lines = [
        *of_type(Type(24), "a title in slightly larger type", top=100),
        *of_type(BOLD, "a row of bold type of one width", top=130),
        *of_type(
            PLAIN, "a row of the text that follows,", "and its second row of this text", top=160
        ),
    ]
    texts = [block.text for block in laid_out(page_of(lines)).blocks]
    assert texts == [
        "a title in slightly larger type",
        "a row of bold type of one width",
        "a row of the text that follows, and its second row of this text",
    ]


def test_a_short_bold_row_above_text_is_a_heading_in_any_size():
    text = of_type(PLAIN, *["the text of a paragraph, in rows of one width."] * 3, top=300)
    (row,) = typed_row = of_type(BOLD, "Results", top=260)
    above = laid_out(page_of([*typed_row, *text])).blocks[0]
    assert (above.kind, above.level) == ("heading", 3)
    plain = replace(row, runs=(TypeRun(0, 1, PLAIN),))
    assert laid_out(page_of([plain, *text])).blocks[0].kind == "body"
