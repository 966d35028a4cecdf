"""Tables whose cells are drawn: rules cross each other, and what they enclose is a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from ocrportal.engines.local.tables.grid import Grid, grid_of
from ocrportal.engines.local.tables.pieces import Piece
from ocrportal.engines.local.tables.rules import Rule, Rules

NEAR = 0.4
"""Line heights within which two rules are one, or meet."""
OPEN = 1.5
"""Line heights by which rules stick out of a grid that has no rule at its side."""
DRAWN = 0.45
"""Share of a cell's side that must be drawn to divide it from its neighbour: rules break."""
FAINT = 0.2
"""Share that is enough between one cell above and one below if no text crosses it."""
OUTER = 0.25
"""Share of a grid's side that must be drawn: a stroke of a letter may touch a rule's end."""


def ruled_grids(rules: Rules, em: float, pieces: Sequence[Piece]) -> tuple[list[Grid], list[Rule]]:
    """The grids that rules make, and the level rules that no upright one meets.

    A grid has rows and columns with text in at least two of each; so a frame, a form field
    or a diagram is none. Nor is squared paper, where text runs over the sides of the cells.
    """
    grids, loose = [], []
    for level, upright in _crossing(rules, NEAR * em):
        grid = _grid(level, upright, em, pieces) if len(level) > 1 and upright else None
        if grid and _is_table(grid, pieces):
            grids.append(grid)
        elif not upright:
            loose += level
    return grids, loose


def _crossing(rules: Rules, near: float) -> list[tuple[list[Rule], list[Rule]]]:
    """The rules in groups that hang together, those that lie and those that stand."""
    groups: list[tuple[list[Rule], list[Rule]]] = [([rule], []) for rule in rules.level]
    for upright in rules.upright:
        met = [g for g in groups if any(_meet(rule, upright, near) for rule in g[0])]
        if not met:
            continue
        groups = [g for g in groups if not any(g is other for other in met)]
        groups.append(
            (
                [rule for level, _ in met for rule in level],
                [upright, *(rule for _, some in met for rule in some)],
            )
        )
    return _with_continuations(groups, near)


def _with_continuations(
    groups: list[tuple[list[Rule], list[Rule]]], near: float
) -> list[tuple[list[Rule], list[Rule]]]:
    """The groups, those rules that only go on with a broken one put to its group."""
    crossed = [(list(level), upright) for level, upright in groups if upright]
    alone = []
    for level, upright in groups:
        if upright:
            continue
        for some, _ in crossed:
            start, end = min(r.start for r in some), max(r.end for r in some)
            if all(
                start - near < rule.start
                and rule.end < end + near
                and any(abs(rule.place - other.place) < near / 2 for other in some)
                for rule in level
            ):
                some += level
                break
        else:
            alone.append((level, upright))
    return [*crossed, *alone]


def _meet(level: Rule, upright: Rule, near: float) -> bool:
    return (
        level.start - near <= upright.place <= level.end + near
        and upright.start - near <= level.place <= upright.end + near
    )


def _grid(
    level: list[Rule], upright: list[Rule], em: float, pieces: Sequence[Piece]
) -> Grid | None:
    xs = _edges(upright, level, em)
    ys = _edges(level, upright, em)
    xs = [xs[0], *(x for x in xs[1:-1] if _divides(x, ys, upright, em)), xs[-1]]
    ys = [ys[0], *(y for y in ys[1:-1] if _divides(y, xs, level, em)), ys[-1]]
    if len(xs) < 3 or len(ys) < 3:
        return None
    return grid_of(xs, ys, _merged(xs, ys, level, upright, em, pieces))


def _edges(across: list[Rule], along: list[Rule], em: float) -> list[float]:
    """Where rules divide the other axis; its open ends too, where other rules reach further."""
    edges: list[float] = []
    for place in sorted(rule.place for rule in across):
        if edges and place - edges[-1] < NEAR * em:
            continue
        edges.append(place)
    start, end = min(rule.start for rule in across), max(rule.end for rule in across)
    for last in (0, -1):
        if edges and _drawn(edges[last], start, end, across, em) < OUTER * (end - start):
            del edges[last]
    start, end = min(rule.start for rule in along), max(rule.end for rule in along)
    if not edges:
        return [start, end]
    if edges[0] - start > OPEN * em:
        edges.insert(0, start)
    if end - edges[-1] > OPEN * em:
        edges.append(end)
    return edges


def _divides(edge: float, others: Sequence[float], rules: list[Rule], em: float) -> bool:
    return any(_is_drawn(edge, start, end, rules, em) for start, end in pairwise(others))


def _is_drawn(place: float, start: float, end: float, rules: list[Rule], em: float) -> bool:
    """Whether rules run enough of the way from ``start`` to ``end`` to divide."""
    return _drawn(place, start, end, rules, em) >= DRAWN * (end - start)


def _drawn(place: float, start: float, end: float, rules: list[Rule], em: float) -> float:
    """How much of the way from ``start`` to ``end`` rules run."""
    parts = sorted(
        (max(rule.start, start), min(rule.end, end))
        for rule in rules
        if abs(rule.place - place) < NEAR * em
    )
    drawn, reach = 0.0, start
    for first, last in parts:
        drawn += max(0.0, last - max(first, reach))
        reach = max(reach, last)
    return drawn


def _is_faint(
    place: float, start: float, end: float, rules: list[Rule], em: float, pieces: Sequence[Piece]
) -> bool:
    """Whether some of a level rule is seen between ``start`` and ``end``, and no text over it."""
    return _drawn(place, start, end, rules, em) >= FAINT * (end - start) and not any(
        start < piece.box.centre < end and abs(place - piece.box.middle) < piece.box.height / 4
        for piece in pieces
    )


def _merged(
    xs: Sequence[float],
    ys: Sequence[float],
    level: list[Rule],
    upright: list[Rule],
    em: float,
    pieces: Sequence[Piece],
) -> list[tuple[int, int, int, int]]:
    """The places that nothing divides, as far as they make a rectangle together."""
    owner = {(r, c): (r, c) for r in range(len(ys) - 1) for c in range(len(xs) - 1)}

    def join(a: tuple[int, int], b: tuple[int, int]) -> None:
        old, new = sorted((owner[a], owner[b]), reverse=True)
        for place in [place for place, first in owner.items() if first == old]:
            owner[place] = new

    for row, column in list(owner):
        if (row, column + 1) in owner and not _is_drawn(
            xs[column + 1], ys[row], ys[row + 1], upright, em
        ):
            join((row, column), (row, column + 1))
        below, left, right = (row + 1, column), xs[column], xs[column + 1]
        if (
            below in owner
            and not _is_drawn(ys[row + 1], left, right, level, em)
            and not _is_faint(ys[row + 1], left, right, level, em, pieces)
        ):
            join((row, column), below)
    spans = []
    for _, group in groupby(sorted(owner, key=lambda place: owner[place]), key=owner.__getitem__):
        places = list(group)
        top, left = min(r for r, _ in places), min(c for _, c in places)
        down = max(r for r, _ in places) - top + 1
        across = max(c for _, c in places) - left + 1
        if len(places) > 1 and down * across == len(places):
            spans.append((top, left, down, across))
    return spans


def _is_table(grid: Grid, pieces: Iterable[Piece]) -> bool:
    rows, columns = set[int](), set[int]()
    written = across = 0
    for box in (piece.box for piece in pieces):
        area = next((a for a in grid.areas if a.box.holds(box.centre, box.middle)), None)
        if area is None:
            continue
        rows.add(area.row)
        columns.add(area.column)
        written += 1
        slack = box.height / 2
        across += box.left < area.box.left - slack or box.right > area.box.right + slack
    return len(rows) > 1 and len(columns) > 1 and across * 2 <= written
