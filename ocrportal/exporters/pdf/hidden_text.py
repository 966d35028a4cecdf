"""Finds the operators of page contents that show text which no reader of the page can see.

Text is hidden if it is invisible (mode 3), if it only adds to a clipping path through which nothing
is painted (mode 7), or if an opaque picture is painted over it afterwards. How far a text extends
is not known without its font, so a picture covers it if it covers an em per byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from ocrportal.exporters.pdf.matrices import IDENTITY, Matrix, applied, product

Box = tuple[float, float, float, float]
"""Left, bottom, right and top."""
_INVISIBLE, _CLIPPING = 3, 7
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_PAINTING = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "INLINE IMAGE"})
_DESCENT, _ASCENT = -0.3, 1.0
"""The extent of a text below and above its baseline, in ems."""
_TOLERANCE = 0.01
"""Share of the sides of a picture by which a covered text may extend beyond it."""


@dataclass(frozen=True, slots=True)
class _State:
    """The graphics state, as far as it decides what is hidden."""

    matrix: Matrix = IDENTITY
    mode: int = 0
    size: float = 0.0
    leading: float = 0.0
    rise: float = 0.0
    stretch: float = 1.0
    clip: Box | None = None
    """The clipping rectangle; None if nothing is clipped."""
    is_opaque: bool = True
    """Whether what is painted hides what is below it."""


@dataclass(slots=True)
class _Walk:
    """The contents up to one of their operators."""

    state: _State = field(default_factory=_State)
    outer: list[_State] = field(default_factory=list)
    line: Matrix = IDENTITY
    """The start of the current line of text."""
    reached: float = 0.0
    """How far the text of the line extends at most, in its units."""
    hidden: set[int] = field(default_factory=set)
    clipping: list[tuple[int, int]] = field(default_factory=list)
    """Text that only clips so far: its index, and the depth of the graphics state."""
    shown: list[tuple[int, Box]] = field(default_factory=list)
    """Visible text so far: its index and its extent."""
    path: list[Box] = field(default_factory=list)
    """The rectangles of the current path."""
    is_rectangular: bool = True
    clips: bool = False


def hidden_text(
    instructions: Sequence[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage],
    resources: Object | None,
    box: Box | None,
) -> set[int]:
    """The indices of the instructions that show hidden text.

    ``box`` is the visible part of the page, beyond which nothing needs to be covered.
    """
    walk = _Walk()
    for index, instruction in enumerate(instructions):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator in _PAINTING:
            _paint(walk, operator, operands, resources)
        elif operator in _SHOWING:
            _show(walk, index, operator, operands, box)
        elif operator == "q":
            walk.outer.append(walk.state)
        elif operator == "Q" and walk.outer:
            walk.state = walk.outer.pop()
            walk.hidden.update(i for i, depth in walk.clipping if depth > len(walk.outer))
            walk.clipping = [each for each in walk.clipping if each[1] <= len(walk.outer)]
        elif operator == "gs":
            _set_parameters(walk, operands, resources)
        elif operator in ("re", "m", "l", "c", "v", "y", "h", "W", "W*", "n"):
            _draw_path(walk, operator, operands)
        else:
            _set_text_state(walk, operator, operands)
        if operator in _PAINTING or operator == "n":
            _end_path(walk)
    return walk.hidden | {index for index, _depth in walk.clipping}


def _paint(
    walk: _Walk, operator: str, operands: Iterable[Object], resources: Object | None
) -> None:
    # What is painted through a clipping path of text shows the text.
    walk.shown += [(index, _EVERYWHERE) for index, _depth in walk.clipping]
    walk.clipping = []
    if operator != "Do" or not walk.state.is_opaque:
        return
    picture = _entry(resources, "/XObject", next(iter(operands), None))
    if not _is_opaque_picture(picture):
        return
    a, b, c, d, e, f = walk.state.matrix
    if not (b == c == 0 or a == d == 0):
        return  # rotated
    covered = _around([(e, f), (a + c + e, b + d + f)])
    across, up = (_TOLERANCE * (covered[side + 2] - covered[side]) for side in (0, 1))
    if walk.state.clip:
        covered = _common(covered, walk.state.clip)
    grown = covered[0] - across, covered[1] - up, covered[2] + across, covered[3] + up
    walk.hidden.update(index for index, extent in walk.shown if _is_within(extent, grown))
    walk.shown = [each for each in walk.shown if each[0] not in walk.hidden]


_EVERYWHERE: Box = (float("-inf"), float("-inf"), float("inf"), float("inf"))


def _show(
    walk: _Walk, index: int, operator: str, operands: Sequence[Object], box: Box | None
) -> None:
    state = walk.state
    if operator in ("'", '"'):
        _move_line(walk, 0.0, -state.leading)
    if state.mode == _INVISIBLE:
        walk.hidden.add(index)
    elif state.mode == _CLIPPING:
        walk.clipping.append((index, len(walk.outer)))
    else:
        walk.shown.append((index, _extent(walk, operands[-1], box)))


def _extent(walk: _Walk, text: Object, box: Box | None) -> Box:
    """An area that a text does not leave, in units of the page."""
    state = walk.state
    parts = text.as_list() if isinstance(text, Array) else [text]
    width = 0.0
    for part in parts:
        if isinstance(part, pikepdf.String | str | bytes):
            width += len(bytes(part)) if not isinstance(part, str) else len(part)
        else:
            width += max(0.0, -float(part) / 1000)
    # Several texts of a line follow each other, and where one ends is not known.
    right = walk.reached = walk.reached + width * state.size * state.stretch
    bottom, top = (state.rise + share * state.size for share in (_DESCENT, _ASCENT))
    matrix = product(walk.line, state.matrix)
    corners = [(x, y) for x in (0.0, right) for y in (bottom, top)]
    extent = _around([applied(matrix, *corner) for corner in corners])
    return _common(extent, box) if box else extent


def _set_parameters(walk: _Walk, operands: Sequence[Object], resources: Object | None) -> None:
    values = _entry(resources, "/ExtGState", operands[0] if len(operands) else None)
    if not isinstance(values, Dictionary):
        return
    if any(name in values for name in ("/ca", "/BM", "/SMask")):
        walk.state = replace(
            walk.state,
            is_opaque=float(values.get("/ca", 1)) == 1
            and values.get("/BM", Name.Normal) in (Name.Normal, Name.Compatible)
            and not isinstance(values.get("/SMask"), Dictionary),
        )


def _draw_path(walk: _Walk, operator: str, operands: Sequence[Object]) -> None:
    if operator == "re":
        x, y, width, height = map(float, operands)
        corners = [(x, y), (x + width, y), (x, y + height), (x + width, y + height)]
        walk.path.append(_around([applied(walk.state.matrix, *corner) for corner in corners]))
    elif operator in ("W", "W*"):
        walk.clips = True
    elif operator != "n":
        walk.is_rectangular = False


def _end_path(walk: _Walk) -> None:
    if walk.clips:
        is_simple = walk.is_rectangular and len(walk.path) == 1
        clip = walk.path[0] if is_simple else (0.0, 0.0, 0.0, 0.0)
        outer = walk.state.clip
        walk.state = replace(walk.state, clip=_common(clip, outer) if outer else clip)
    walk.path, walk.is_rectangular, walk.clips = [], True, False


def _set_text_state(walk: _Walk, operator: str, operands: Sequence[Object]) -> None:
    state = walk.state
    match operator:
        case "cm":
            walk.state = replace(state, matrix=product(_matrix(operands), state.matrix))
        case "BT":
            walk.line, walk.reached = IDENTITY, 0.0
        case "Tr":
            walk.state = replace(state, mode=int(operands[0]))
        case "Tf":
            walk.state = replace(state, size=float(operands[1]))
        case "TL":
            walk.state = replace(state, leading=float(operands[0]))
        case "Ts":
            walk.state = replace(state, rise=float(operands[0]))
        case "Tz":
            walk.state = replace(state, stretch=float(operands[0]) / 100)
        case "Tm":
            walk.line, walk.reached = _matrix(operands), 0.0
        case "Td" | "TD":
            x, y = map(float, operands)
            if operator == "TD":
                walk.state = replace(state, leading=-y)
            _move_line(walk, x, y)
        case "T*":
            _move_line(walk, 0.0, -state.leading)
        case _:
            pass


def _move_line(walk: _Walk, x: float, y: float) -> None:
    walk.line, walk.reached = product((1.0, 0.0, 0.0, 1.0, x, y), walk.line), 0.0


def _is_opaque_picture(entry: Object | None) -> bool:
    return (
        isinstance(entry, Stream)
        and entry.get("/Subtype") == Name.Image
        and not any(name in entry for name in ("/SMask", "/Mask", "/SMaskInData"))
        and not bool(entry.get("/ImageMask", False))
    )


def _entry(resources: Object | None, kind: str, name: Object | None) -> Object | None:
    entries = resources.get(kind) if isinstance(resources, Dictionary) else None
    return entries.get(str(name)) if isinstance(entries, Dictionary) else None


def _matrix(operands: Sequence[Object]) -> Matrix:
    a, b, c, d, e, f = map(float, operands)
    return a, b, c, d, e, f


def _around(points: Sequence[tuple[float, float]]) -> Box:
    across, up = [x for x, _y in points], [y for _x, y in points]
    return min(across), min(up), max(across), max(up)


def _common(first: Box, second: Box) -> Box:
    left, bottom = max(first[0], second[0]), max(first[1], second[1])
    return left, bottom, max(left, min(first[2], second[2])), max(bottom, min(first[3], second[3]))


def _is_within(inner: Box, outer: Box) -> bool:
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )
