"""Pages with seals and watermarks over their text, drawn at random from a seed."""

from __future__ import annotations

import io
import math
import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFont

from bench.quality.sentences import CHINESE, ENGLISH

FONTS = "/usr/share/fonts/opentype/noto/Noto{}CJK-{}.ttc"
FACES = [FONTS.format(family, weight) for family in ("Sans", "Serif") for weight in ("Regular",)]
BOLD = FONTS.format("Sans", "Bold")
REDS = [(214, 30, 40), (200, 20, 20), (230, 60, 60), (190, 40, 60), (225, 70, 40)]
BLUES = [(30, 60, 180), (60, 90, 200), (50, 40, 160)]


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page image, its lines of text, and the bounds of its seals."""

    image: Image.Image
    lines: tuple[str, ...]
    seals: tuple[tuple[int, int, int, int], ...]


def sealed_page(seed: int) -> MarkedPage:
    """Lines of text with one or two seals over some of them."""
    chance = random.Random(f"seal {seed}")
    image, lines, places = _text(chance)
    seals = []
    for _ in range(chance.choice((1, 1, 2))):
        colour = chance.choice(REDS if chance.random() < 0.75 else BLUES)
        seal = _seal(chance, chance.randint(200, 380))
        left, top = _place_of_seal(chance, places, seal.size, seals)
        bounds = (left, top, left + seal.width, top + seal.height)
        if bounds[2] > image.width or bounds[3] > image.height:
            continue
        _print(image, seal, (left, top), colour, chance.uniform(0.6, 1.0))
        seals.append(bounds)
    return MarkedPage(_scanned(chance, image), lines, tuple(seals))


def watermarked_page(seed: int) -> MarkedPage:
    """Lines of text over a pale watermark: repeated or one large, diagonal or level."""
    chance = random.Random(f"watermark {seed}")
    image, lines, _ = _text(chance)
    text = chance.choice(
        ("机密", "内部资料 请勿外传", "CONFIDENTIAL", "样本", "李四 2026-05-06", "COPY")
    )
    grey = chance.randint(190, 228)
    colour = chance.choice(((grey,) * 3, (grey,) * 3, (250, grey, grey), (grey, grey, 250)))
    angle = chance.choice((0, 18, 25, 30, 45, -30))
    layer = Image.new("L", (image.width * 2, image.height * 2))
    draw = ImageDraw.Draw(layer)
    if chance.random() < 0.7:
        font = ImageFont.truetype(BOLD, chance.randint(28, 60))
        wide = round(draw.textlength(text, font)) + chance.randint(80, 240)
        high = chance.randint(160, 300)
        for row, y in enumerate(range(0, layer.height, high)):
            for x in range(-wide * (row % 2) // 2, layer.width, wide):
                draw.text((x, y), text, 255, font)
    else:
        font = ImageFont.truetype(BOLD, round(image.width * 1.1 / len(text.encode("gbk")) * 1.4))
        draw.text((layer.width / 2, layer.height / 2), text, 255, font, anchor="mm")
    layer = layer.rotate(angle, Image.Resampling.BICUBIC)
    left, top = image.width // 2, image.height // 2
    layer = layer.crop((left, top, left + image.width, top + image.height))
    _print(image, layer, (0, 0), colour, 1.0)
    return MarkedPage(_scanned(chance, image), lines, ())


def _text(
    chance: random.Random,
) -> tuple[Image.Image, tuple[str, ...], list[tuple[int, int, int]]]:
    """Paper with lines of text; the lines and the left, right and center of each."""
    width, height = chance.choice(((1240, 1000), (1654, 1300), (1654, 2339)))
    image = Image.new("RGB", (width, height), chance.choice(("white", (250, 249, 245))))
    draw = ImageDraw.Draw(image)
    chinese = chance.random() < 0.75
    size = chance.choice((30, 34, 40)) if width < 1600 else chance.choice((36, 42, 48))
    font = ImageFont.truetype(chance.choice(FACES), size)
    ink = chance.choice((0, 20, 50))
    lines, places = [], []
    y = chance.randint(60, 140)
    while y < height - 160:
        words = chance.choice(CHINESE if chinese else ENGLISH)
        words = words if chinese else words.split(" ")
        left = chance.choice((120, 120, 200, width // 2 - 60))
        line = words[:1]
        for word in words[1:]:
            longer = [*line, word] if isinstance(line, list) else line + word
            joined = " ".join(longer) if isinstance(longer, list) else longer
            if left + draw.textlength(joined, font) > width - 100:
                break
            line = longer
        text = " ".join(line) if isinstance(line, list) else line
        draw.text((left, y), text, (ink,) * 3, font)
        lines.append(text)
        places.append((left, round(left + draw.textlength(text, font)), y + size * 2 // 3))
        y += round(size * chance.choice((1.6, 2.0, 2.6)))
    return image, tuple(lines), places


def _seal(chance: random.Random, size: int) -> Image.Image:
    """A round, oval or square seal: 255 where it is ink."""
    shape = chance.choice(("round", "round", "round", "oval", "square"))
    name = chance.choice(
        ("青山市档案数字化服务有限公司", "东海县教育局", "北辰科技股份有限公司", "临江大学教务处")
    )
    high = size if shape != "oval" else size * 2 // 3
    seal = Image.new("L", (size, high))
    draw = ImageDraw.Draw(seal)
    rim = max(4, size // chance.choice((28, 40, 60)))
    if shape == "square":
        size = size * 2 // 3
        seal = seal.resize((size, size))
        draw = ImageDraw.Draw(seal)
        draw.rectangle((0, 0, size - 1, size - 1), outline=255, width=rim)
        font = ImageFont.truetype(BOLD, round(size * 0.4))
        for place, character in enumerate(chance.choice(("财务专用", "张三之印", "合同专用"))):
            x, y = size * (0.28 + 0.44 * (1 - place // 2)), size * (0.28 + 0.44 * (place % 2))
            draw.text((x, y), character, 255, font, anchor="mm")
        return seal
    draw.ellipse((0, 0, size - 1, high - 1), outline=255, width=rim)
    letters = round(size * 0.105)
    font = ImageFont.truetype(BOLD, letters)
    span = min(260, 24 * len(name))
    for place, character in enumerate(name):
        turn = -span / 2 + span * place / (len(name) - 1)
        letter = Image.new("L", (letters * 2, letters * 2))
        ImageDraw.Draw(letter).text((letters, letters), character, 255, font, anchor="mm")
        letter = letter.rotate(-turn, Image.Resampling.BICUBIC)
        x = size / 2 + (size / 2 - rim - letters * 0.8) * math.sin(math.radians(turn)) - letters
        y = high / 2 - (high / 2 - rim - letters * 0.8) * math.cos(math.radians(turn)) - letters
        seal.paste(255, (round(x), round(y)), letter)
    if shape == "round":
        star = [
            (size / 2 + reach * math.sin(turn), size / 2 - reach * math.cos(turn))
            for place in range(10)
            for turn in [math.pi * place / 5]
            for reach in [size * (0.06 if place % 2 else 0.15)]
        ]
        draw.polygon(star, fill=255)
    elif chance.random() < 0.7:
        font = ImageFont.truetype(BOLD, round(size * 0.09))
        draw.text((size / 2, high * 0.62), "业务专用章", 255, font, anchor="mm")
    return seal.rotate(chance.uniform(-12, 12), Image.Resampling.BICUBIC)


def _place_of_seal(
    chance: random.Random,
    places: list[tuple[int, int, int]],
    size: tuple[int, int],
    seals: list[tuple[int, int, int, int]],
) -> tuple[int, int]:
    """The top left of a seal over a line, away from the other seals."""
    for _ in range(20):
        left, right, center = chance.choice(places)
        x = max(0, chance.randint(left - size[0] // 3, max(left, right - size[0] // 2)))
        y = max(0, center - chance.randint(size[1] // 4, size[1] * 3 // 4))
        if all(abs(x - seal[0]) > 400 or abs(y - seal[1]) > 400 for seal in seals):
            break
    return x, y


def _print(
    image: Image.Image,
    layer: Image.Image,
    place: tuple[int, int],
    colour: tuple[int, ...],
    opacity: float,
) -> None:
    """Multiply the image with ink of a colour where ``layer`` is 255."""
    ink = Image.new("RGB", layer.size, colour)
    strength = layer.point([round(value * opacity) for value in range(256)])
    ink = Image.composite(ink, Image.new("RGB", layer.size, "white"), strength)
    box = (*place, place[0] + layer.width, place[1] + layer.height)
    image.paste(ImageChops.multiply(image.crop(box), ink), box)


def _scanned(chance: random.Random, image: Image.Image) -> Image.Image:
    """The page with the noise and the compression of a scanner."""
    values = np.asarray(image).astype(np.float32)
    noise = np.random.default_rng(chance.randint(0, 2**31)).normal(0, 4, values.shape[:2])
    image = Image.fromarray((values + noise[..., None]).clip(0, 255).astype(np.uint8))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=chance.choice((75, 85, 92)))
    return Image.open(file)
