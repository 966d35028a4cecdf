"""Drawn pictures as SVG: charts, photographs, logos, seals, signatures and codes."""

from __future__ import annotations

import random
from math import cos, pi, sin

from bench.documents.markup import text

_COLOURS = ("#1f4e79", "#c0504d", "#6b8e23", "#8064a2", "#d98324", "#2a9d8f", "#555555")


def photograph(chance: random.Random, width: int, height: int) -> str:
    """A landscape with sky, hills and houses, without text."""
    sky, low = chance.choice((("#8fb7e0", "#e8eef5"), ("#f2b880", "#fbe8d0"), ("#777", "#ddd")))
    name = f"sky{chance.randrange(10**9)}"
    parts = [
        f'<defs><linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" '
        f'stop-color="{sky}"/><stop offset="1" stop-color="{low}"/></linearGradient></defs>',
        f'<rect width="{width}" height="{height}" fill="url(#{name})"/>',
    ]
    for layer in range(3):
        base = height * (0.45 + 0.18 * layer)
        steps = 9
        ridge = " ".join(
            f"{width * i / steps:.0f},{base + chance.uniform(-0.1, 0.1) * height:.0f}"
            for i in range(steps + 1)
        )
        shade = 150 - 40 * layer
        fill = f"rgb({shade - 40},{shade},{shade - 60})"
        parts.append(f'<polygon points="0,{height} {ridge} {width},{height}" fill="{fill}"/>')
    for _ in range(chance.randint(2, 6)):
        size = chance.uniform(0.06, 0.14) * width
        x, y = chance.uniform(0, width - size), height * chance.uniform(0.6, 0.8)
        wall, roof = chance.choice(_COLOURS), chance.choice(_COLOURS)
        parts.append(
            f'<rect x="{x:.0f}" y="{y:.0f}" width="{size:.0f}" height="{size * 0.7:.0f}" '
            f'fill="{wall}"/><polygon points="{x - 3:.0f},{y:.0f} {x + size / 2:.0f},'
            f'{y - size / 2:.0f} {x + size + 3:.0f},{y:.0f}" fill="{roof}"/>'
        )
    return _svg(width, height, "".join(parts))


def bar_chart(chance: random.Random, width: int, height: int, labels: list[str]) -> str:
    """A bar chart with labels below its bars, and its numbers on the left."""
    left, bottom = 34, height - 22
    top = chance.choice((40, 100, 250, 1000))
    colour = chance.choice(_COLOURS)
    parts = []
    for step in range(5):
        y = bottom - (bottom - 10) * step / 4
        parts.append(
            f'<line x1="{left}" y1="{y:.0f}" x2="{width - 4}" y2="{y:.0f}" stroke="#ccc"/>'
            f'<text data-kind="figure_text" data-optional="" x="{left - 5}" y="{y + 4:.0f}" '
            f'text-anchor="end" font-size="10">{top * step // 4}</text>'
        )
    pitch = (width - left - 8) / len(labels)
    for number, label in enumerate(labels):
        tall = chance.uniform(0.15, 0.95) * (bottom - 10)
        x = left + 4 + pitch * number
        parts.append(
            f'<rect x="{x + pitch * 0.2:.0f}" y="{bottom - tall:.0f}" width="{pitch * 0.6:.0f}" '
            f'height="{tall:.0f}" fill="{colour}"/>'
            f'<text data-kind="figure_text" data-optional="" x="{x + pitch / 2:.0f}" '
            f'y="{bottom + 15}" text-anchor="middle" font-size="10">{text(label)}</text>'
        )
    return _svg(width, height, "".join(parts))


def line_chart(chance: random.Random, width: int, height: int) -> str:
    """Curves over two axes with ticks, without text."""
    bottom = height - 12
    parts = [f'<path d="M14 6V{bottom}H{width - 6}" fill="none" stroke="#333"/>']
    parts += [f'<path d="M{x} {bottom}v4" stroke="#333"/>' for x in range(14, width - 6, 24)]
    for colour in chance.sample(_COLOURS, chance.randint(1, 4)):
        y = chance.uniform(0.3, 0.7) * bottom
        points = []
        for x in range(14, width - 6, 12):
            y = min(bottom - 4, max(10, y + chance.uniform(-0.12, 0.12) * height))
            points.append(f"{x},{y:.0f}")
        parts.append(
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" '
            'stroke-width="1.6"/>'
        )
    return _svg(width, height, "".join(parts))


def diagram(chance: random.Random, width: int, height: int, labels: list[str]) -> str:
    """Boxes with labels, joined by arrows from left to right."""
    pitch = width / len(labels)
    parts = []
    for number, label in enumerate(labels):
        x, y = pitch * number + 4, height * chance.uniform(0.2, 0.45)
        wide, tall = pitch - 24, height * 0.35
        parts.append(
            f'<rect x="{x:.0f}" y="{y:.0f}" width="{wide:.0f}" height="{tall:.0f}" fill="#f4f4f4" '
            f'stroke="#333"/><text data-kind="figure_text" data-optional="" x="{x + wide / 2:.0f}" '
            f'y="{y + tall / 2 + 4:.0f}" text-anchor="middle" font-size="11">{text(label)}</text>'
        )
        if number < len(labels) - 1:
            middle = y + tall / 2
            parts.append(
                f'<path d="M{x + wide:.0f} {middle:.0f}h18m-5 -4l5 4l-5 4" fill="none" '
                'stroke="#333"/>'
            )
    return _svg(width, height, "".join(parts))


def logo(chance: random.Random, size: int) -> str:
    """A mark of a few shapes, without text."""
    first, second = chance.sample(_COLOURS, 2)
    middle = size / 2
    shapes = (
        f'<circle cx="{middle}" cy="{middle}" r="{size * 0.46:.1f}" fill="{first}"/>'
        f'<path d="M{size * 0.2:.0f} {size * 0.7:.0f}L{middle:.0f} {size * 0.2:.0f}'
        f'L{size * 0.8:.0f} {size * 0.7:.0f}Z" fill="{second}"/>',
        f'<rect width="{size}" height="{size}" rx="{size * 0.2:.0f}" fill="{first}"/>'
        f'<circle cx="{middle}" cy="{middle}" r="{size * 0.28:.1f}" fill="{second}"/>',
    )
    return _svg(size, size, chance.choice(shapes))


def round_seal(owner: str, size: int, *, colour: str = "#d8261c", opacity: float = 0.8) -> str:
    """A round Chinese seal: the owner's name on an arc above a star."""
    middle, radius = size / 2, size * 0.36
    letters = []
    step = min(26, 250 / len(owner))
    for number, char in enumerate(owner):
        angle = (number - (len(owner) - 1) / 2) * step
        x, y = middle + radius * sin(angle * pi / 180), middle - radius * cos(angle * pi / 180)
        letters.append(
            f'<text data-kind="seal_text" data-optional="" x="{x:.1f}" y="{y:.1f}" '
            f'font-size="{size * 0.11:.1f}" font-weight="700" text-anchor="middle" '
            f'dominant-baseline="central" transform="rotate({angle:.1f} {x:.1f} {y:.1f})" '
            f'fill="{colour}">{char}</text>'
        )
    star = " ".join(
        f"{middle + size * r * sin(a * pi / 5):.1f},{middle - size * r * cos(a * pi / 5):.1f}"
        for a, r in ((a, 0.13 if a % 2 == 0 else 0.052) for a in range(10))
    )
    ring = (
        f'<circle cx="{middle}" cy="{middle}" r="{size * 0.47:.1f}" fill="none" '
        f'stroke="{colour}" stroke-width="{size * 0.025:.1f}"/>'
    )
    body = f'{ring}<polygon points="{star}" fill="{colour}"/>{"".join(letters)}'
    return _svg(size, size, f'<g opacity="{opacity}">{body}</g>')


_INKS = ("#16246b", "#1c3fa8", "#23408f", "#111111", "#333333")
_PENS = (1.0, 1.4, 1.8, 2.4, 3.0)
"""Widths in CSS pixels, from a ballpoint to a marker."""


def signature(chance: random.Random, width: int, height: int) -> str:
    """A scribble that looks like a signature, by one of several hands and pens."""
    points, x = [f"M4 {height * 0.6:.0f}"], 4.0
    while x < width - 12:
        step = chance.uniform(0.05, 0.16) * width
        ends = [chance.uniform(0.1, 0.95) * height for _ in range(3)]
        points.append(
            f"C{x + step * 0.3:.0f} {ends[0]:.0f} {x + step * 1.1:.0f} {ends[1]:.0f} "
            f"{min(width - 4, x + step):.0f} {ends[2]:.0f}"
        )
        x += step
    path = " ".join(points)
    # A generator of its own keeps the rest of a document the same for every hand and pen.
    hand = random.Random(path)
    drawn = hand.choice((lambda *_: path, _looped_letters, _running_characters))(
        hand, width, height
    )
    return _svg(
        width,
        height,
        f'<path d="{drawn}" fill="none" stroke="{hand.choice(_INKS)}" '
        f'stroke-width="{hand.choice(_PENS)}" stroke-linecap="round"/>',
    )


def _looped_letters(hand: random.Random, width: int, height: int) -> str:
    """A capital, joined loops with ascenders, sometimes lifted, and often a flourish below."""
    base, x = height * 0.68, width * 0.16
    parts = [
        f"M{width * 0.05:.0f} {base:.0f}C{width * 0.02:.0f} {height * 0.05:.0f} "
        f"{width * 0.16:.0f} 0 {x:.0f} {base:.0f}"
    ]
    while x < width * 0.9:
        step = hand.uniform(0.05, 0.1) * width
        top = base - height * hand.choice((0.25, 0.3, 0.35, 0.62))
        if hand.random() < 0.15:
            parts.append(f"M{x + 3:.0f} {base:.0f}")
        parts.append(
            f"C{x + step * 1.2:.0f} {top:.0f} {x:.0f} {top - 2:.0f} {x + step * 0.55:.0f} {base:.0f}"
            f"S{x + step * 0.8:.0f} {base + 2:.0f} {x + step:.0f} {base - height * 0.08:.0f}"
        )
        x += step
    if hand.random() < 0.5:
        parts.append(
            f"M{width * 0.2:.0f} {height * 0.9:.0f}Q{width * 0.5:.0f} {height * 0.75:.0f} "
            f"{width * 0.95:.0f} {height * 0.86:.0f}"
        )
    return "".join(parts)


def _running_characters(hand: random.Random, width: int, height: int) -> str:
    """Two or three characters in running hand, of strokes that are mostly joined."""
    count = hand.choice((2, 3, 3))
    side = min(width / count, height) * 0.92
    parts = []
    for number in range(count):
        left, top = number * width / count + 2, hand.uniform(0, height - side)
        x, y = left + side * 0.2, top + side * 0.15
        parts.append(f"M{x:.0f} {y:.0f}")
        for stroke in range(hand.randint(5, 9)):
            if hand.random() < 0.3:
                x, y = left + side * hand.uniform(0, 0.6), top + side * hand.uniform(0, 0.8)
                parts.append(f"M{x:.0f} {y:.0f}")
            end_x = left + side * (
                hand.uniform(0.65, 1) if stroke % 2 == 0 else hand.uniform(0, 0.4)
            )
            end_y = top + side * hand.uniform(0.1, 1)
            parts.append(
                f"Q{(x + end_x) / 2 + hand.uniform(-4, 4):.0f} {(y + end_y) / 2 - 3:.0f} "
                f"{end_x:.0f} {end_y:.0f}"
            )
            x, y = end_x, end_y
    return "".join(parts)


def matrix_code(chance: random.Random, size: int) -> str:
    """A square of black and white modules with the corners of a QR code; it encodes nothing."""
    count = 25
    unit = size / count

    def square(x: float, y: float, side: float, fill: str = "#000") -> str:
        return (
            f'<rect x="{x * unit:.2f}" y="{y * unit:.2f}" width="{side * unit:.2f}" '
            f'height="{side * unit:.2f}" fill="{fill}"/>'
        )

    parts = [
        square(x, y, 1.02) for x in range(count) for y in range(count) if chance.random() < 0.5
    ]
    for x, y in ((0, 0), (count - 7, 0), (0, count - 7)):
        parts += [square(x - 1 * (x > 0), y - 1 * (y > 0), 8, "#fff"), square(x, y, 7)]
        parts += [square(x + 1, y + 1, 5, "#fff"), square(x + 2, y + 2, 3)]
    return _svg(size, size, "".join(parts))


def _svg(width: float, height: float, content: str) -> str:
    return f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}">{content}</svg>'
