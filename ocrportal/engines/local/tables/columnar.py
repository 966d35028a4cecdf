"""Tables without drawn cells: rules above and below, and columns of text between them.

Columns are told by the paper between them, which goes down all rows but those of headings
that span columns; rows by the rules, and by which printed row only goes on with the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from statistics import mean, median

from ocrportal.engines.local.tables.grid import Grid, grid_of
from ocrportal.engines.local.tables.pieces import Piece
from ocrportal.engines.local.tables.rules import Rule
from ocrportal.engines.local.tables.sheet import Rectangle

SAME_END = 1.0
"""Line heights by which the ends of the rules of one table may differ."""
MIN_RULE_WIDTH = 8.0
"""A rule above or below a table is at least this long, in line heights."""
GUTTER = 0.45
"""Line heights of paper that separate two columns."""
PROSE = 14.0
"""Line heights from which a column may be running text …"""
FULL = 0.75
"""… which it is if most of its rows fill this share of it."""
NARROW_PROSE, WORDS = 5.0, 2.2
"""A narrower one, down to this, is running text if its rows hold so many words on average."""
MAX_LETTERS = 0.7
"""Share of pieces that may be single letters: more are words with their letters set apart."""
MAX_OVER = 0.25
"""Share of printed rows that may hold text over several columns."""
MAX_RULES = 24
"""A page with more rules of the same ends is lined paper: only all of them may make a table."""
FILLED = 0.4
"""At least this share of the rows between rules have text in more than half of the columns."""

Row = list[Piece]


def columnar_grids(rules: Sequence[Rule], em: float, pieces: Sequence[Piece]) -> list[Grid]:
    """The grids between level rules of the same ends; ``em`` is the usual line height."""
    grids: list[Grid] = []
    taken: list[Rectangle] = []
    for some in _alike([rule for rule in rules if rule.length > MIN_RULE_WIDTH * em], em):
        ends = some if len(some) <= MAX_RULES else [some[0], some[-1]]
        spans = sorted(combinations(ends, 2), key=lambda pair: pair[0].place - pair[1].place)
        for top, bottom in spans:
            box = Rectangle(top.start - em, top.place, top.end + em, bottom.place)
            if any(box.top < other.bottom and other.top < box.bottom for other in taken):
                continue
            grid = grid_between(box, [r for r in rules if _is_within(r, box)], em, pieces)
            if grid is not None:
                grids.append(grid)
                taken.append(box)
    return grids


def _alike(rules: Sequence[Rule], em: float) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.place):
        for group in groups:
            first = group[0]
            if max(abs(first.start - rule.start), abs(first.end - rule.end)) < SAME_END * em:
                group.append(rule)
                break
        else:
            groups.append([rule])
    return [group for group in groups if len(group) > 1]


def _is_within(rule: Rule, box: Rectangle) -> bool:
    return box.top < rule.place < box.bottom and box.left < rule.start and rule.end < box.right


def grid_between(
    box: Rectangle,
    rules: Sequence[Rule],
    em: float,
    pieces: Sequence[Piece],
    filled: float = FILLED,
) -> Grid | None:
    """The grid of the text in a box with these level rules; None if it is no table.

    At least the share ``filled`` of its rows must have text in more than half of the columns.
    """
    printed = printed_rows([p for p in pieces if box.holds(p.box.centre, p.box.middle)])
    columns = _columns(printed, em)
    over = sum(any(sum(_meets(p, c) for c in columns) > 1 for p in row) for row in printed)
    if len(printed) < 2 or len(columns) < 2 or over > MAX_OVER * len(printed):
        return None
    if _is_running_text(printed, columns, em):
        return None
    whole = [r.place for r in rules if r.length > 0.8 * (box.width - 2 * em)]
    rows = _table_rows(printed, columns, whole, em)
    counts = [len({_column(piece, columns) for piece in row}) for row in rows]
    full = sum(count * 2 > len(columns) for count in counts)
    if full < max(2, filled * len(rows)) or sum(count > 1 for count in counts) < 2:
        return None
    xs = [box.left, *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), box.right]
    ys = [box.top, *((_bottom(a) + _top(b)) / 2 for a, b in pairwise(rows)), box.bottom]
    return grid_of(xs, ys, _spans(rows, ys, columns, rules))


def printed_rows(pieces: Sequence[Piece]) -> list[Row]:
    """Pieces side by side, from the top, each row from the left."""
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.middle):
        if rows and piece.box.middle - rows[-1][0].box.middle < 0.45 * piece.box.height:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.box.left) for row in rows]


def _columns(printed: Sequence[Row], em: float) -> list[tuple[float, float]]:
    """From where to where each column reaches, without what spans several of them."""
    pieces = [piece for row in printed for piece in row]
    usual = max((len(row) for row in printed), default=0)
    # A piece over the paper that most rows leave is a heading over columns.
    full = [piece for row in printed if len(row) * 4 > usual * 3 for piece in row]
    strips = _strips(full if usual > 2 else pieces, em)
    over = [p for p in pieces if sum(_meets(p, strip) for strip in strips) > 1]
    return _strips([piece for piece in pieces if piece not in over], em)


def _strips(pieces: Sequence[Piece], em: float) -> list[tuple[float, float]]:
    strips: list[tuple[float, float]] = []
    for left, right in sorted((piece.box.left, piece.box.right) for piece in pieces):
        if strips and left - strips[-1][1] < GUTTER * em:
            strips[-1] = (strips[-1][0], max(strips[-1][1], right))
        else:
            strips.append((left, right))
    return strips


def _meets(piece: Piece, strip: tuple[float, float]) -> bool:
    return piece.box.left < strip[1] and strip[0] < piece.box.right


def _column(piece: Piece, columns: Sequence[tuple[float, float]]) -> int:
    return min(
        range(len(columns)),
        key=lambda k: max(columns[k][0] - piece.box.centre, piece.box.centre - columns[k][1]),
    )


def _is_running_text(
    printed: Sequence[Row], columns: Sequence[tuple[float, float]], em: float
) -> bool:
    """Whether columns hold lines that end where there is no more room, or letters set apart."""
    letters = sum(len(p.text) == 1 and p.text.isalpha() for row in printed for p in row)
    if letters > MAX_LETTERS * sum(map(len, printed)):
        return True
    prose = 0
    for number, (left, right) in enumerate(columns):
        cells = [[p for p in row if _column(p, columns) == number] for row in printed]
        lines = [(c[-1].box.right - c[0].box.left, sum(map(_words, c))) for c in cells if c]
        room = right - left
        full = sum(width > FULL * room for width, _ in lines)
        wordy = room > NARROW_PROSE * em and mean(words for _, words in lines) >= WORDS
        prose += len(lines) > 2 and full > 0.6 * len(lines) and (wordy or room > PROSE * em)
    return prose * 2 >= len(columns)


def _words(piece: Piece) -> float:
    """How many words are in a piece; a Han one has two characters."""
    return max(len(piece.text.split()), sum(char >= "\u2e80" for char in piece.text) / 2)


def _top(row: Row) -> float:
    return min(piece.box.top for piece in row)


def _bottom(row: Row) -> float:
    return max(piece.box.bottom for piece in row)


def _table_rows(
    printed: Sequence[Row],
    columns: Sequence[tuple[float, float]],
    rules: Sequence[float],
    em: float,
) -> list[Row]:
    """Printed rows joined to those of the table: what only goes on with a cell is no new row."""
    pitch = median(b[0].box.middle - a[0].box.middle for a, b in pairwise(printed))
    rows: list[Row] = [list(printed[0])]
    for above, row in pairwise(printed):
        ruled = any(above[0].box.middle < rule < row[0].box.middle for rule in rules)
        near = row[0].box.middle - above[0].box.middle < 1.15 * pitch
        goes_on = near and not ruled and _goes_on(rows[-1], above, row, columns)
        if goes_on:
            rows[-1] += row
        else:
            rows.append(list(row))
    return rows


def _goes_on(so_far: Row, above: Row, row: Row, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether each piece begins with what had no room in the row above."""
    filled = {_column(piece, columns) for piece in so_far}
    if len(filled) < 2 or not {_column(piece, columns) for piece in row} < filled:
        return False
    for piece in row:
        number = _column(piece, columns)
        before = [other for other in above if _column(other, columns) == number]
        left, right = columns[number]
        word = piece.text.split(" ")[0]
        width = piece.box.width * len(word) / max(len(piece.text), 1)
        if not before or before[-1].box.width + width < 0.9 * (right - left):
            return False
    return True


def _spans(
    rows: Sequence[Row],
    ys: Sequence[float],
    columns: Sequence[tuple[float, float]],
    rules: Sequence[Rule],
) -> list[tuple[int, int, int, int]]:
    """Cells over several columns: told by their width, or by a rule that ends below or above."""
    spans: list[tuple[int, int, int, int]] = []
    for number, row in enumerate(rows):
        taken: set[int] = set()
        for piece in row:
            under = {k for k in range(len(columns)) if _meets(piece, columns[k])}
            for rule in rules:
                partial = ys[number] - piece.box.height <= rule.place <= ys[number + 1]
                if partial and rule.start <= piece.box.centre <= rule.end:
                    below = {
                        k
                        for k in range(len(columns))
                        if rule.start <= sum(columns[k]) / 2 <= rule.end
                    }
                    alone = all(
                        other is piece or not rule.start <= other.box.centre <= rule.end
                        for other in row
                    )
                    if alone and len(below) < len(columns):
                        under |= below
            if len(under) > 1 and not under & taken:
                first = min(under)
                spans.append((number, first, 1, max(under) - first + 1))
                taken |= set(range(first, max(under) + 1))
    return spans
