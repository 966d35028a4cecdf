"""The typographic settings of the blocks of a page: sizes, pitches, gaps and indents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from ocrportal.exporters.word.line_breaks import ems_in_word, fitting_spacing, words_of
from ocrportal.exporters.word.measures import (
    SPARE,
    PageMeasures,
    text_bounds,
    text_limits,
)
from ocrportal.exporters.word.page_fit import Fit, Piece, page_fit
from ocrportal.exporters.word.zones import Item, Zone
from ocrportal.geometry import Rect
from ocrportal.layout.blocks import Block, Figure, Paragraph, TableBlock
from ocrportal.layout.typography import weighted_median
from ocrportal.text import join_lines

_SAME_TYPE = 0.1
"""Sizes that differ by less than this share count as the same."""
_MIN_PITCH, _MAX_PITCH = 1.1, 3.0
"""Limits of the line pitch, in type sizes."""
_SAME_PITCH = 0.02
_SAME_EDGE = 0.8
"""Edges that differ by less than this, in ems, count as the same."""
_RAGGED = 2.0
"""Lines that begin further apart than this, in ems, show no edge at their left."""
_MIN_RIGHT = 3.0
"""White space at the right of a paragraph, in ems, from which it is an indent."""
_BASELINE = 0.8
"""Height of the baseline in a line of exact pitch, from its top, as a share of the pitch."""
_MIDDLE = 0.36
"""Height of the middle of the text above its baseline, in type sizes."""
_LONG = 0.8
"""Share of the width of the text from which a line may be broken in another font."""
_WIDER = 0.25
"""Width of a line in another font, at most, beyond the printed one, as a share of it."""
_IN_OTHER_FONT = 1.12
"""The width of a line in the font that replaces one, usually at most, as a share of it."""
_DISPLAY = 40.0
"""Type from this size on, in points, is never broken: it has few letters, whatever the font."""
_MAX_SHRINK = 0.6
"""The smallest share of its size in which a single line is set so that it is not broken."""
_MIN_EDGE = 6.0
"""The narrowest margin of the paper, in points."""


class TypeSizes:
    """Type sizes and line pitches of a document: the first of similar values is used for all."""

    def __init__(self) -> None:
        self._known: dict[str, float] = {}

    def harmonised(self, name: str, measured: float) -> float:
        """The known size of this name if it is similar to the measured one, else the latter."""
        known = self._known.get(name, 0.0)
        if not known or abs(measured / known - 1) > _SAME_TYPE:
            self._known[name] = known = measured
        return known


@dataclass(frozen=True, slots=True)
class Setting:
    """The typographic setting of a paragraph, in points."""

    size: float
    pitch: float
    gap: float
    """Space above it in addition to the line pitch."""
    justified: bool
    left: float = 0.0
    """Indents of the lines after the first, from the left and the right edge of the text."""
    right: float = 0.0
    first: float = 0.0
    """Indent of the first line relative to ``left``; negative for a hanging indent."""
    spacing: float = 0.0
    """Change of the distance of characters."""
    top: float = 0.0
    """The top of its first line on the page."""
    starts_page: bool = False
    """Whether it is the first of a column at the top of its page."""


def settings_of(
    parts: Sequence[Block], measures: PageMeasures, sizes: TypeSizes, zones: Sequence[Zone]
) -> dict[int, Setting]:
    """The settings of the blocks with a position, by index in ``parts``.

    Those of figures and tables have a gap and a place only. Gaps are measured from where the text
    before ends in Word, so that differences do not add up.
    """
    printed = [part for part in parts if isinstance(part, Paragraph) and part.lines]
    body = [part for part in printed if part.kind in ("body", "list_item")]
    running = body or printed
    base = pitch = 0.0
    justified = False
    if running:
        by_length = [(measures.type_size(part), len(part.text)) for part in running]
        base = sizes.harmonised("body", weighted_median(by_length))
        pitches = [measures.pitch(part) for part in body if part.style.line_pitch]
        pitch = sizes.harmonised("pitch", _within(median(pitches), base) if pitches else 1.3 * base)
        several = [part for part in body if len(part.lines) > 2]
        justified = sum(part.style.alignment == "justified" for part in several) * 2 > len(several)
    found: dict[int, Setting] = {}
    for place, part in enumerate(parts):
        if isinstance(part, Paragraph) and part.lines:
            size = _size(part, measures, sizes, base)
            own = measures.pitch(part) if len(part.lines) > 1 else pitch * size / base
            own = pitch if abs(own / pitch - 1) < _SAME_PITCH else _within(own, size)
            as_block = justified and part.kind == "body" and part.style.alignment == "left"
            found[place] = Setting(size, own, 0.0, as_block)
        elif isinstance(part, Figure) or (isinstance(part, TableBlock) and part.table.box):
            found[place] = Setting(base, pitch, 0.0, False)
    text = text_bounds(parts, measures)
    head, limit = text_limits(parts, measures)
    top = 0.0
    set_zones: list[list[list[Piece]]] = []
    for zone in zones:
        rooms = zone.rooms(text) if text else zone.edges
        feet: list[float] = []
        columns: list[list[Piece]] = []
        for column, room in zip(zone.columns, rooms, strict=True):
            foot = top
            pieces: list[Piece] = []
            for item in column:
                starts_page = not set_zones and not pieces
                known = replace(found[item.block], starts_page=starts_page)
                setting, piece = _placed(item, parts[item.block], known, room, foot, measures)
                if item.first_line == 0:
                    found[item.block] = setting
                foot += piece.needs(Fit(), is_wider=False)
                if starts_page:
                    start = max(piece.gap, head)
                    piece = replace(piece, gap=0.0, fixed=start + piece.fixed)
                pieces.append(piece)
            feet.append(foot)
            columns.append(pieces)
        top = max(feet)
        set_zones.append(columns)
    if zones:
        _apply(page_fit(set_zones, limit), found)
    return found


def _apply(fit: Fit, settings: dict[int, Setting]) -> None:
    for block, setting in settings.items():
        settings[block] = replace(
            setting,
            gap=0.0 if setting.starts_page else fit.gaps * setting.gap,
            size=fit.type_size(setting.size),
            pitch=fit.sizes * setting.pitch,
            spacing=fit.sizes * setting.spacing,
        )


def _placed(
    item: Item,
    part: Block,
    setting: Setting,
    room: tuple[float, float],
    foot: float,
    measures: PageMeasures,
) -> tuple[Setting, Piece]:
    """The setting of a block in its column, below ``foot``, and what it needs of the column."""
    if not isinstance(part, Paragraph):
        gap = max(item.box.top - foot, 0.0)
        placed = replace(setting, gap=gap, left=item.box.left - room[0], top=item.box.top)
        return placed, Piece(gap, item.box.height)
    size, own = setting.size, setting.pitch
    lines = part.lines[item.first_line :][: item.line_count]
    text = join_lines(line.text for line in lines)
    words = words_of(text, part.runs, bold=part.kind == "heading")
    left, right, first = _indents(part, measures, item, room, size)
    if len(part.lines) == 1:
        printed = measures.bounds(part.lines).width
        wider = _IN_OTHER_FONT if size < _DISPLAY else 1 + _WIDER
        needed = wider * max(printed, size * ems_in_word(words))
        size *= max(_MAX_SHRINK, min(1.0, (room[1] - room[0] - left - right) / needed))
    width = room[1] - room[0] - left - right
    widths = max(width if item.first_line else width - first, size), max(width, size)
    spacing = fitting_spacing(words, len(lines), widths, size)
    top = measures.bounds(lines[:1]).center_y - _BASELINE * own + _MIDDLE * size
    # What is not the start of a paragraph has no gap: it is at the top of its column.
    gap = 0.0 if item.first_line and foot else max(top - foot, 0.0)
    piece = Piece(
        gap,
        words=words,
        rooms=widths,
        size=size,
        pitch=own,
        spacing=spacing,
    )
    placed = replace(
        setting,
        size=size,
        gap=gap,
        left=left,
        right=right,
        first=first,
        spacing=spacing * size,
        top=top,
    )
    return placed, piece


def _indents(
    part: Paragraph, measures: PageMeasures, item: Item, room: tuple[float, float], size: float
) -> tuple[float, float, float]:
    """The left, right and first-line indent of a paragraph within its column."""
    lines = part.lines[item.first_line :]
    bounds = [measures.bounds([line]) for line in lines[: item.line_count]]
    left = min(line.left for line in bounds[1:] or bounds) - room[0]
    right = room[1] - SPARE - max(line.right for line in bounds)
    over = _overhang(bounds[0], room, measures) if len(part.lines) == 1 else 0.0
    if part.style.alignment == "centre":
        off_centre = left - right
        if abs(off_centre) < 2 * _SAME_EDGE * size:
            return -over, -over, 0.0
        return max(off_centre, 0.0), max(-off_centre, 0.0), 0.0
    if part.style.alignment == "right":
        return 0.0, right if right > _SAME_EDGE * size else 0.0, 0.0
    lefts = [line.left for line in bounds[1:]]
    if lefts and max(lefts) - min(lefts) > _RAGGED * size:
        return 0.0, 0.0, 0.0
    first = bounds[0].left - room[0] - left
    if len(bounds) == 1 and part.style.first_line_indent > 0:  # it may run on
        first = part.style.first_line_indent * size
        left -= first
    if abs(first) < _SAME_EDGE * size:
        left, first = min(left, left + first), 0.0
    left = left if left > _SAME_EDGE * size else 0.0
    # A single line, and the lines of a list, show no edge at their right.
    is_block = len(bounds) > 2 and right > _MIN_RIGHT * size
    return left, right - size if is_block else -over, first


def _overhang(line: Rect, room: tuple[float, float], measures: PageMeasures) -> float:
    """How far a line may reach over the edges of its column, lest another font breaks it."""
    if line.width < _LONG * (room[1] - room[0]):
        return 0.0
    margin = min(room[0], measures.size[0] - room[1]) - _MIN_EDGE
    return max(min(_WIDER * line.width, margin), 0.0)


def _size(part: Paragraph, measures: PageMeasures, sizes: TypeSizes, base: float) -> float:
    size = measures.type_size(part)
    if part.kind == "heading":
        return sizes.harmonised(f"heading {part.level}", size)
    return base if abs(size / base - 1) < _SAME_TYPE else size


def _within(pitch: float, size: float) -> float:
    return min(max(pitch, _MIN_PITCH * size), _MAX_PITCH * size)
