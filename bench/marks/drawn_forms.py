"""Form lines with check boxes, drawn at random from a seed."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONTS = "/usr/share/fonts/opentype/noto/Noto{}CJK-{}.ttc"
FACES = [FONTS.format(family, weight) for family in ("Sans", "Serif") for weight in ("Regular",)]
SYMBOLS = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
EMPTY, TICKED, CROSSED, FILLED = "☐☑☒■"
STATES = (EMPTY, EMPTY, EMPTY, TICKED, TICKED, CROSSED, FILLED)
CHINESE = (
    ("性别", "男 女"),
    ("婚姻状况", "已婚 未婚 离异"),
    ("学历", "本科 硕士 博士 其他"),
    ("证件类型", "身份证 护照 军官证"),
    ("付款方式", "现金 转账 支票"),
    ("是否加急", "是 否"),
    ("户口性质", "农业户口 非农业户口"),
    ("送达方式", "邮寄 自取 电子邮件"),
)
ENGLISH = (
    ("Sex", "Male Female"),
    ("Status", "Single Married Divorced"),
    ("Payment", "Cash Card Cheque"),
    ("Urgent", "Yes No"),
    ("Degree", "Bachelor Master Doctor Other"),
    ("Delivery", "Post Pickup Email"),
)
WITHOUT = (
    "人口普查登记表第二页",
    "回收日期由口岸办公室填写",
    "国家田径队因故推迟四日",
    "进口口罩固定围栏图样回执",
    "Order No. 0080 D00 of Oslo DO 00",
    "口试日期 品名 日目 由此向右回转",
    "器具品类吕氏日记 中日四国田园",
)


@dataclass(frozen=True, slots=True)
class DrawnForm:
    """A page image and its lines; check boxes are ``☐ ☑ ☒ ■`` before or after their labels."""

    image: Image.Image
    lines: tuple[str, ...]


def drawn_form(seed: int) -> DrawnForm:
    """A form with about ten lines, some without check boxes, and sometimes a table below."""
    chance = random.Random(f"form {seed}")
    size = chance.choice((22, 26, 30, 34, 40, 46))
    image = Image.new("L", (size * 34, size * 32), "white")
    pen = _Pen(chance, image, size)
    lines = []
    y = size * 2
    for _ in range(chance.randint(7, 10)):
        if chance.random() < 0.3:
            text = chance.choice(WITHOUT)
            pen.text(size * 2, y, text)
        else:
            text = pen.question(size * 2, y, *chance.choice(CHINESE + ENGLISH))
        lines.append(text)
        y += round(size * chance.choice((1.8, 2.2, 2.6)))
    if chance.random() < 0.5:
        pen.table(size * 2, y)
    return DrawnForm(_scanned(chance, image), tuple(lines))


class _Pen:
    def __init__(self, chance: random.Random, image: Image.Image, size: int) -> None:
        self._chance = chance
        self._draw = ImageDraw.Draw(image)
        self._size = size
        self._font = ImageFont.truetype(chance.choice(FACES), size)
        self._as_glyphs = chance.random() < 0.3
        self._by_hand = chance.random() < 0.5
        self._side = round(size * chance.choice((0.65, 0.8, 0.95, 1.15)))
        self._width = max(1, round(size * chance.choice((0.04, 0.06, 0.1))))
        self._gap = chance.choice((0.1, 0.3, 0.6, 1.0))
        self._is_behind = chance.random() < 0.2

    def text(self, x: float, y: float, text: str) -> float:
        """Write a text and return where it ends."""
        self._draw.text((x, y), text, 0, self._font)
        return x + self._draw.textlength(text, self._font)

    def question(self, x: float, y: float, name: str, answers: str) -> str:
        """Write a question with a check box for each answer, and return its text."""
        colon = "：" if name[0] > "z" else ":"
        x = self.text(x, y, name + colon) + self._size * 0.4
        text = name + colon
        for answer in answers.split():
            state = self._chance.choice(STATES)
            if self._is_behind:
                x = self.text(x, y, answer) + self._size * 0.15
                x = self._check_box(x, y, state) + self._size * 0.8
                text += answer + state
            else:
                x = self._check_box(x, y, state) + self._size * self._gap
                x = self.text(x, y, answer) + self._size * 0.8
                text += state + answer
        return text

    def table(self, left: int, top: int) -> None:
        """A small empty grid of squares, as for the digits of a number, and a wide one."""
        side = self._size * self._chance.choice((1.0, 1.4))
        for column in range(9):
            x = left + column * side
            self._draw.rectangle((x, top, x + side, top + side), outline=0, width=self._width)

    def _check_box(self, x: float, y: float, state: str) -> float:
        if self._as_glyphs:
            font = ImageFont.truetype(SYMBOLS, self._size)
            glyph = self._chance.choice("□☐") if state == EMPTY else state
            self._draw.text((x, y + self._size * 0.2), glyph, 0, font)
            return x + self._draw.textlength(glyph, font)
        side, width = self._side, self._width
        # The letters of a line are in the lower part of its box.
        top = y + self._size * 0.78 - side / 2 + self._chance.uniform(-0.08, 0.08) * side
        box = (x, top, x + side, top + side)
        self._draw.rectangle(box, outline=0, width=width)
        if state == FILLED:
            inner = 0 if self._chance.random() < 0.5 else width + max(1, side // 10)
            self._draw.rectangle(
                (x + inner, top + inner, x + side - inner, top + side - inner), fill=0
            )
        elif state == TICKED:
            self._stroke(box, ((0.12, 0.5), (0.4, 0.85), (0.95, 0.12)))
        elif state == CROSSED:
            self._stroke(box, ((0.1, 0.1), (0.9, 0.9)))
            self._stroke(box, ((0.9, 0.1), (0.1, 0.9)))
        return x + side

    def _stroke(
        self, box: tuple[float, float, float, float], points: tuple[tuple[float, float], ...]
    ) -> None:
        """A line within a box; drawn by hand it is uneven and may leave the box."""
        side = box[2] - box[0]
        slip = 0.13 if self._by_hand else 0.0
        reach = self._chance.uniform(1.0, 1.25) if self._by_hand else 1.0
        placed = [
            (
                box[0] + side * (0.5 + (x - 0.5) * reach + self._chance.uniform(-slip, slip)),
                box[1] + side * (0.5 + (y - 0.5) * reach + self._chance.uniform(-slip, slip)),
            )
            for x, y in points
        ]
        width = self._width * (2 if self._by_hand and self._chance.random() < 0.5 else 1)
        self._draw.line(placed, fill=0, width=max(2, width), joint="curve")


def _scanned(chance: random.Random, image: Image.Image) -> Image.Image:
    """The page with slight skew, the noise and the compression of a scanner."""
    skew = chance.choice((0, 0, 0.4, -0.7))
    image = image.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
    values = np.asarray(image).astype(np.float32)
    noise = np.random.default_rng(chance.randint(0, 2**31)).normal(0, 4, values.shape)
    image = Image.fromarray((values + noise).clip(0, 255).astype(np.uint8))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=chance.choice((80, 90)))
    return Image.open(file)
