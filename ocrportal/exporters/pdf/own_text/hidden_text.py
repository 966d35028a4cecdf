"""Finds the operators of page contents that show text which no reader of the page can see.

Text is hidden if it is invisible (mode 3), if it only adds to a clipping path through which nothing
is painted (mode 7), or if an opaque picture is painted over it afterwards. How far a text extends
is not known without its font, so a picture covers it if it covers an em per byte. In doubt a text
is not hidden.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from ocrportal.matrices import IDENTITY, Matrix, applied, product

Box = tuple[float, float, float, float]
"""Left, bottom, right and top."""
_INVISIBLE, _CLIPPING = 3, 7
_FIRST_CLIPPING = 4
"""The modes from this one on add the text to the clipping path."""
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_PAINTING = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "INLINE IMAGE"})
_DESCENT, _ASCENT = -0.3, 1.0
"""The extent of a text below and above its baseline, in ems."""
_TOLERANCE = 0.01
"""Share of the sides of a picture by which a covered text may extend beyond it."""
_MAX_COMPARISONS = 2_000_000
"""Pairs of a text and a later picture that are compared."""
_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)
_EVERYWHERE: Box = (float("-inf"), float("-inf"), float("inf"), float("inf"))


class MalformedContents(Exception):
    """Operators lack operands or have those of another type; viewers differ in what they show."""


@dataclass(frozen=True, slots=True)
class _State:
    """The graphics state, as far as it decides what is hidden."""

    matrix: Matrix = IDENTITY
    mode: int = 0
    size: float = 0.0
    leading: float = 0.0
    rise: float = 0.0
    stretch: float = 1.0
    spacing: tuple[float, float] = (0.0, 0.0)
    """Space after each character, and in addition after each space."""
    is_measured: bool = True
    """Whether the font runs to the right, and its size is an em."""
    clip: Box | None = None
    """A rectangle that is painted completely, if it is within a picture; None for the page."""
    translucency: frozenset[str] = frozenset()
    """The parameters that let what is below show through."""


@dataclass(slots=True)
class _Walk:
    """The contents up to one of their operators."""

    state: _State = field(default_factory=_State)
    outer: list[_State] = field(default_factory=list)
    line: Matrix = IDENTITY
    """The start of the current line of text."""
    begin: float = 0.0
    reached: float = 0.0
    """How far the text of the line extends to the left and to the right at most, in its units."""
    rows: list[list[int]] = field(default_factory=lambda: [[]])
    """The texts that follow each other without a new position."""
    hidden: set[int] = field(default_factory=set)
    clipping: list[tuple[int, int]] = field(default_factory=list)
    """Text that only clips so far: its index, and the depth of the graphics state."""
    shown: list[tuple[int, Box]] = field(default_factory=list)
    """Visible text so far: its index and its extent."""
    comparisons: int = 0
    layers: list[bool] = field(default_factory=list)
    """For each level of marked content, whether a viewer can switch it off."""
    path: list[Box] = field(default_factory=list)
    """The rectangles of the current path."""
    is_rectangular: bool = True
    clips: bool = False


def hidden_text(
    instructions: Sequence[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage],
    resources: Object | None,
    box: Box | None,
    *,
    is_opaque: bool = True,
) -> set[int]:
    """The indices of the instructions that show hidden text, and can be left out.

    ``box`` is the visible part of the page, beyond which nothing needs to be covered. With
    ``is_opaque``, what the contents paint is opaque unless they change that themselves. Raises
    MalformedContents.
    """
    walk = _Walk()
    if not is_opaque:
        walk.state = replace(walk.state, translucency=frozenset({""}))
    for index, instruction in enumerate(instructions):
        operator, operands = str(instruction.operator), list(instruction.operands)
        try:
            _step(walk, index, operator, operands, resources, box)
        except (ArithmeticError, IndexError, TypeError, ValueError) as error:
            raise MalformedContents from error
    hidden = walk.hidden | {index for index, _depth in walk.clipping}
    # Without a text, what follows it on its line would move to its place.
    for row in walk.rows:
        seen = max((place for place, index in enumerate(row) if index not in hidden), default=0)
        hidden.difference_update(row[:seen])
    return hidden


def _step(
    walk: _Walk,
    index: int,
    operator: str,
    operands: list[Object],
    resources: Object | None,
    box: Box | None,
) -> None:
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
    elif operator in ("BMC", "BDC"):
        walk.layers.append(operands[0] == Name.OC)
    elif operator == "EMC":
        del walk.layers[-1:]
    elif operator == "gs":
        _set_parameters(walk, operands, resources)
    elif operator in ("re", "m", "l", "c", "v", "y", "h", "W", "W*", "n"):
        _draw_path(walk, operator, operands)
    elif operator == "Tf":
        _set_font(walk, _entry(resources, "/Font", operands[0]), operands[1])
    else:
        _set_text_state(walk, operator, operands)
    if operator in _PAINTING or operator == "n":
        _end_path(walk)


def _paint(
    walk: _Walk, operator: str, operands: Sequence[Object], resources: Object | None
) -> None:
    # What is painted through a clipping path of text shows the text.
    _show_clipping(walk)
    if operator != "Do" or walk.state.translucency or any(walk.layers):
        return
    if not _is_opaque_picture(_entry(resources, "/XObject", operands[0])):
        return
    a, b, c, d, e, f = walk.state.matrix
    if not (b == c == 0 or a == d == 0):
        return  # rotated
    covered = _around([(e, f), (a + c + e, b + d + f)])
    across, up = (_TOLERANCE * (covered[side + 2] - covered[side]) for side in (0, 1))
    if walk.state.clip:
        covered = _common(covered, walk.state.clip)
    if covered[0] == covered[2] or covered[1] == covered[3]:
        return
    walk.comparisons += len(walk.shown)
    if walk.comparisons > _MAX_COMPARISONS:
        return
    grown = covered[0] - across, covered[1] - up, covered[2] + across, covered[3] + up
    walk.hidden.update(index for index, extent in walk.shown if _is_within(extent, grown))
    walk.shown = [each for each in walk.shown if each[0] not in walk.hidden]


def _show_clipping(walk: _Walk) -> None:
    """Keep the text that only clips: something is visible through it."""
    walk.shown += [(index, _EVERYWHERE) for index, _depth in walk.clipping]
    walk.clipping = []


def _show(
    walk: _Walk, index: int, operator: str, operands: Sequence[Object], box: Box | None
) -> None:
    if operator == '"':
        words, letters = map(float, operands[:2])
        walk.state = replace(walk.state, spacing=(letters, words))
    if operator in ("'", '"'):
        _move_line(walk, 0.0, -walk.state.leading)
    state = walk.state
    walk.rows[-1].append(index)
    extent = _extent(walk, operands[-1], box)
    if state.mode == _INVISIBLE:
        walk.hidden.add(index)
        return
    if state.mode == _CLIPPING:
        walk.clipping.append((index, len(walk.outer)))
    else:
        _show_clipping(walk)
        walk.shown.append((index, extent))
    if state.mode >= _FIRST_CLIPPING:
        walk.state = replace(state, clip=_NOWHERE)  # letters only


def _extent(walk: _Walk, text: Object, box: Box | None) -> Box:
    """An area that a text does not leave, in units of the page."""
    state = walk.state
    parts = text.as_list() if isinstance(text, Array) else [text]
    for part in parts:
        if isinstance(part, pikepdf.String):
            em = abs(state.size) + sum(map(abs, state.spacing))
            _reach(walk, len(bytes(part)) * math.copysign(em, state.size))
        else:
            _reach(walk, -float(part) / 1000 * state.size)
    if not state.is_measured:
        return box or _EVERYWHERE
    # Several texts of a line follow each other, and where one ends is not known.
    bottom, top = (state.rise + share * state.size for share in (_DESCENT, _ASCENT))
    matrix = product(walk.line, state.matrix)
    corners = [(x, y) for x in (walk.begin, walk.reached) for y in (bottom, top)]
    extent = _around([applied(matrix, *corner) for corner in corners])
    return _common(extent, box) if box else extent


def _reach(walk: _Walk, distance: float) -> None:
    """Extend the line by a distance before it is stretched."""
    across = distance * walk.state.stretch
    walk.begin, walk.reached = walk.begin + min(across, 0.0), walk.reached + max(across, 0.0)


def _set_parameters(walk: _Walk, operands: Sequence[Object], resources: Object | None) -> None:
    values = _entry(resources, "/ExtGState", operands[0] if len(operands) else None)
    if not isinstance(values, Dictionary):
        return
    translucency = set(walk.state.translucency)
    for name, is_translucent in translucent_parameters(values).items():
        translucency.discard(name)
        translucency.update([name] if is_translucent else [])
    walk.state = replace(walk.state, translucency=frozenset(translucency))
    if "/Font" in values:
        _set_font(walk, values.Font[0], values.Font[1])


def translucent_parameters(values: Dictionary) -> dict[str, bool]:
    """The parameters of a graphics state that decide it, and whether they show what is below."""
    found = {
        "/ca": float(values.get("/ca", 1)) != 1,
        "/BM": values.get("/BM") not in (Name.Normal, Name.Compatible),
        "/SMask": values.get("/SMask") != Name("/None"),
    }
    return {name: is_translucent for name, is_translucent in found.items() if name in values}


def _set_font(walk: _Walk, font: Object | None, size: Object) -> None:
    is_measured = False
    if isinstance(font, Dictionary) and font.get("/Subtype") == Name.Type0:
        is_measured = str(font.get("/Encoding")).endswith("-H")
    elif isinstance(font, Dictionary):
        is_measured = font.get("/Subtype") != Name.Type3  # whose glyphs have units of their own
    walk.state = replace(walk.state, size=float(size), is_measured=is_measured)


def _draw_path(walk: _Walk, operator: str, operands: Sequence[Object]) -> None:
    if operator == "re":
        x, y, width, height = map(float, operands)
        corners = [(x, y), (x + width, y), (x, y + height), (x + width, y + height)]
        a, b, c, d, _e, _f = walk.state.matrix
        walk.is_rectangular = walk.is_rectangular and (b == c == 0 or a == d == 0)
        walk.path.append(_around([applied(walk.state.matrix, *corner) for corner in corners]))
    elif operator in ("W", "W*"):
        walk.clips = True
    elif operator != "n":
        walk.is_rectangular = False


def _end_path(walk: _Walk) -> None:
    if walk.clips:
        is_simple = walk.is_rectangular and len(walk.path) == 1
        clip = walk.path[0] if is_simple else _NOWHERE
        outer = walk.state.clip
        walk.state = replace(walk.state, clip=_common(clip, outer) if outer else clip)
    walk.path, walk.is_rectangular, walk.clips = [], True, False


def _set_text_state(walk: _Walk, operator: str, operands: Sequence[Object]) -> None:
    state = walk.state
    match operator:
        case "cm":
            walk.state = replace(state, matrix=product(_matrix(operands), state.matrix))
        case "BT":
            _place_line(walk, IDENTITY)
        case "Tr":
            walk.state = replace(state, mode=int(operands[0]))
        case "Tc":
            walk.state = replace(state, spacing=(float(operands[0]), state.spacing[1]))
        case "Tw":
            walk.state = replace(state, spacing=(state.spacing[0], float(operands[0])))
        case "TL":
            walk.state = replace(state, leading=float(operands[0]))
        case "Ts":
            walk.state = replace(state, rise=float(operands[0]))
        case "Tz":
            walk.state = replace(state, stretch=float(operands[0]) / 100)
        case "Tm":
            _place_line(walk, _matrix(operands))
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
    _place_line(walk, product((1.0, 0.0, 0.0, 1.0, x, y), walk.line))


def _place_line(walk: _Walk, matrix: Matrix) -> None:
    walk.line, walk.begin, walk.reached = matrix, 0.0, 0.0
    walk.rows.append([])


def _is_opaque_picture(entry: Object | None) -> bool:
    return (
        isinstance(entry, Stream)
        and entry.get("/Subtype") == Name.Image
        and not any(name in entry for name in ("/SMask", "/Mask", "/SMaskInData", "/OC"))
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
