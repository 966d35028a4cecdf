"""Bordered tables: rulings cross each other, and every area that they enclose is a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from ocrportal.tables.grid import Grid, build_grid
from ocrportal.tables.rulings import Ruling, Rulings
from ocrportal.tables.segments import Segment

# Distances are in line heights.
MAX_DISTANCE = 0.4
"""Rulings at most this far apart are one ruling, or meet."""
MIN_OVERHANG = 1.5
"""Rulings that extend this far beyond the last crossing ruling enclose open cells there."""
MIN_DRAWN = 0.45
"""Share of a cell's side that must be drawn to separate it from its neighbour: rulings break."""
MIN_DRAWN_BELOW = 0.2
"""Share that is enough between a cell and the one below it if no text crosses the side."""
MIN_FRAME = 0.9
"""Share of a grid's side that is drawn if the grid is framed."""
MIN_DRAWN_OUTSIDE = 0.25
"""Share of a grid's side that must be drawn: a stroke of a letter may touch a ruling's end."""


def bordered_grids(
    rulings: Rulings, line_height: float, segments: Sequence[Segment]
) -> tuple[list[Grid], list[Ruling]]:
    """The grids that rulings form, and the horizontal rulings that no vertical one meets.

    A grid has text in at least two rows and two columns, which excludes frames, form fields and
    diagrams. If all its sides are drawn, text in the first row or column is enough: the head of
    an empty form. Squared paper is excluded because its text runs over the sides of the cells.
    """
    grids, unused = [], []
    for horizontal, vertical in _connected(rulings, MAX_DISTANCE * line_height):
        grid = None
        if len(horizontal) > 1 and vertical:
            grid = _grid(horizontal, vertical, line_height, segments)
        if grid and _is_table(
            grid, segments, is_framed=_is_framed(grid, horizontal, vertical, line_height)
        ):
            grids.append(grid)
        elif not vertical:
            unused += horizontal
    return grids, unused


def _connected(rulings: Rulings, max_distance: float) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Groups of rulings that meet each other, as horizontal and vertical ones."""
    groups: list[tuple[list[Ruling], list[Ruling]]] = [([r], []) for r in rulings.horizontal]
    for vertical in rulings.vertical:
        met = [g for g in groups if any(_meet(r, vertical, max_distance) for r in g[0])]
        if not met:
            continue
        groups = [g for g in groups if not any(g is other for other in met)]
        groups.append(
            (
                [ruling for horizontal, _ in met for ruling in horizontal],
                [vertical, *(ruling for _, verticals in met for ruling in verticals)],
            )
        )
    return _with_continuations(groups, max_distance)


def _with_continuations(
    groups: list[tuple[list[Ruling], list[Ruling]]], max_distance: float
) -> list[tuple[list[Ruling], list[Ruling]]]:
    """The groups, with horizontal rulings that continue an interrupted one moved to its group."""
    crossed = [(list(horizontal), vertical) for horizontal, vertical in groups if vertical]
    alone = []
    for horizontal, vertical in groups:
        if vertical:
            continue
        for group, _ in crossed:
            start, end = min(r.start for r in group), max(r.end for r in group)
            if all(
                start - max_distance < ruling.start
                and ruling.end < end + max_distance
                and any(abs(ruling.position - o.position) < max_distance / 2 for o in group)
                for ruling in horizontal
            ):
                group += horizontal
                break
        else:
            alone.append((horizontal, vertical))
    return [*crossed, *alone]


def _meet(horizontal: Ruling, vertical: Ruling, max_distance: float) -> bool:
    return (
        horizontal.start - max_distance <= vertical.position <= horizontal.end + max_distance
        and vertical.start - max_distance <= horizontal.position <= vertical.end + max_distance
    )


def _grid(
    horizontal: list[Ruling],
    vertical: list[Ruling],
    line_height: float,
    segments: Sequence[Segment],
) -> Grid | None:
    max_distance = MAX_DISTANCE * line_height
    xs = _edges(vertical, horizontal, line_height)
    ys = _edges(horizontal, vertical, line_height)
    xs = [xs[0], *(x for x in xs[1:-1] if _separates(x, ys, vertical, max_distance)), xs[-1]]
    ys = [ys[0], *(y for y in ys[1:-1] if _separates(y, xs, horizontal, max_distance)), ys[-1]]
    if len(xs) < 3 or len(ys) < 3:
        return None
    spans, is_complete = _merged(xs, ys, horizontal, vertical, max_distance, segments)
    return build_grid(xs, ys, spans, () if is_complete else ("incomplete-rulings",))


def _edges(across: list[Ruling], along: list[Ruling], line_height: float) -> list[float]:
    """The positions of ``across``, and the open ends of ``along`` beyond them."""
    max_distance = MAX_DISTANCE * line_height
    edges: list[float] = []
    for position in sorted(ruling.position for ruling in across):
        if edges and position - edges[-1] < max_distance:
            continue
        edges.append(position)
    start, end = min(ruling.start for ruling in across), max(ruling.end for ruling in across)
    for last in (0, -1):
        if edges and _drawn(edges[last], start, end, across, max_distance) < (
            MIN_DRAWN_OUTSIDE * (end - start)
        ):
            del edges[last]
    start, end = min(ruling.start for ruling in along), max(ruling.end for ruling in along)
    if not edges:
        return [start, end]
    if edges[0] - start > MIN_OVERHANG * line_height:
        edges.insert(0, start)
    if end - edges[-1] > MIN_OVERHANG * line_height:
        edges.append(end)
    return edges


def _separates(
    edge: float, bounds: Sequence[float], rulings: list[Ruling], max_distance: float
) -> bool:
    return any(
        _is_drawn(edge, start, end, rulings, max_distance) for start, end in pairwise(bounds)
    )


def _is_drawn(
    position: float, start: float, end: float, rulings: list[Ruling], max_distance: float
) -> bool:
    """Whether rulings cover enough of ``start`` to ``end`` to separate two cells."""
    return _drawn(position, start, end, rulings, max_distance) >= MIN_DRAWN * (end - start)


def _drawn(
    position: float, start: float, end: float, rulings: list[Ruling], max_distance: float
) -> float:
    """The length from ``start`` to ``end`` that rulings cover."""
    parts = sorted(
        (max(ruling.start, start), min(ruling.end, end))
        for ruling in rulings
        if abs(ruling.position - position) < max_distance
    )
    drawn, reach = 0.0, start
    for first, last in parts:
        drawn += max(0.0, last - max(first, reach))
        reach = max(reach, last)
    return drawn


def _is_drawn_below(
    position: float,
    start: float,
    end: float,
    rulings: list[Ruling],
    max_distance: float,
    segments: Sequence[Segment],
) -> bool:
    """Whether some of a horizontal ruling is drawn, and no text crosses it."""
    drawn = _drawn(position, start, end, rulings, max_distance)
    return drawn >= MIN_DRAWN_BELOW * (end - start) and not any(
        start < segment.box.center_x < end
        and abs(position - segment.box.center_y) < segment.box.height / 4
        for segment in segments
    )


def _merged(
    xs: Sequence[float],
    ys: Sequence[float],
    horizontal: list[Ruling],
    vertical: list[Ruling],
    max_distance: float,
    segments: Sequence[Segment],
) -> tuple[list[tuple[int, int, int, int]], bool]:
    """The merged cells: places that no ruling separates, if together they form a rectangle.

    The second value is False if some form none.
    """
    owner = {(r, c): (r, c) for r in range(len(ys) - 1) for c in range(len(xs) - 1)}

    def join(a: tuple[int, int], b: tuple[int, int]) -> None:
        old, new = sorted((owner[a], owner[b]), reverse=True)
        for place in [place for place, first in owner.items() if first == old]:
            owner[place] = new

    for row, column in list(owner):
        if (row, column + 1) in owner and not _is_drawn(
            xs[column + 1], ys[row], ys[row + 1], vertical, max_distance
        ):
            join((row, column), (row, column + 1))
        below, left, right = (row + 1, column), xs[column], xs[column + 1]
        if (
            below in owner
            and not _is_drawn(ys[row + 1], left, right, horizontal, max_distance)
            and not _is_drawn_below(ys[row + 1], left, right, horizontal, max_distance, segments)
        ):
            join((row, column), below)
    spans, is_complete = [], True
    for _, group in groupby(sorted(owner, key=lambda place: owner[place]), key=owner.__getitem__):
        places = list(group)
        top, left = min(r for r, _ in places), min(c for _, c in places)
        down = max(r for r, _ in places) - top + 1
        across = max(c for _, c in places) - left + 1
        if len(places) > 1 and down * across == len(places):
            spans.append((top, left, down, across))
        is_complete = is_complete and down * across == len(places)
    return spans, is_complete


def _is_framed(
    grid: Grid, horizontal: list[Ruling], vertical: list[Ruling], line_height: float
) -> bool:
    """Whether all four sides of a grid are drawn."""
    left, top, right, bottom = grid.box
    sides = [(y, left, right, horizontal) for y in (top, bottom)]
    sides += [(x, top, bottom, vertical) for x in (left, right)]
    return all(
        _drawn(position, start, end, rulings, MAX_DISTANCE * line_height)
        >= MIN_FRAME * (end - start)
        for position, start, end, rulings in sides
    )


def _is_table(grid: Grid, segments: Iterable[Segment], *, is_framed: bool) -> bool:
    filled = set[tuple[int, int]]()
    inside = crossing = 0
    for box in (segment.box for segment in segments):
        cell = next((c for c in grid.cells if c.box.contains(box.center)), None)
        if cell is None:
            continue
        filled.add((cell.row, cell.column))
        inside += 1
        slack = box.height / 2
        crossing += box.left < cell.box.left - slack or box.right > cell.box.right + slack
    if len(filled) < 2 or crossing * 2 > inside:
        return False
    return all(
        len(set(places)) > 1 or (is_framed and places[0] == 0)
        for places in zip(*filled, strict=True)
    )
