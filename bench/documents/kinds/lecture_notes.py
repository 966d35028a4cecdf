"""A page of lecture notes: text with displayed formulas, numbered or not, and lines of arithmetic."""

from __future__ import annotations

import random

from bench.documents.fonts import family
from bench.documents.markup import Design, block, heading, list_item, paragraph, region, text
from bench.documents.writing import Writer

LANGUAGES = ("en", "zh", "zh", "en")
_NAMES = ("x", "y", "z", "u", "λ", "μ", "α", "θ", "σ", "ρ")


def design(writer: Writer) -> Design:
    """One page, in one column or in two."""
    chance = writer.chance
    columns = writer.by_turn((1, 2))
    parts = []
    formulas = 0
    for number in range(1, 7):
        parts.append(heading(2, f"{number}. {writer.heading()}"))
        for _ in range(chance.randint(1, 3)):
            parts.append(paragraph(_passage(writer)))
            if chance.random() < 0.6:
                formulas += 1
                parts.append(_displayed(chance, f"({number}.{formulas})"))
        if chance.random() < 0.4:
            parts += [list_item(f"({key})", _exercise(writer)) for key in "abc"]
        elif chance.random() < 0.3:
            style = "font-family:monospace;margin:1mm 0 1mm 8mm;white-space:pre"
            parts.append(block("paragraph", text(_program(chance)), style=style))
    css = (
        f"body{{font-family:{family(chance, writer.language, 'serif')};"
        f"font-size:{chance.choice((9, 10, 11))}pt;text-align:justify;"
        f"line-height:{1.3 if writer.is_english else 1.6}}}"
        f".columns{{column-count:{columns};column-gap:8mm}}h2{{font-size:1.2em;margin:.8em 0 .3em}}"
        "math{font-size:1.05em}.formula{display:grid;grid-template-columns:1fr auto 1fr;"
        "align-items:center;margin:.5em 0}.formula :last-child{text-align:right}"
    )
    page = (
        f'<div class="columns" data-fit>{"".join(parts)}</div>'
        f"{block('page_number', str(writer.number(1, 300)), cls='center')}"
    )
    return Design((page,), css, language=writer.language)


def _passage(writer: Writer) -> str:
    """Sentences, some of them with an equation in their line."""
    name, value = writer.pick(*_NAMES[:4]), writer.number(2, 90)
    within = writer.either(f"Here {name} = {value} and n > 1.", f"其中 {name} = {value}，n > 1。")
    return f"{writer.passage(1, 3)}{writer.either(' ', '')}{within if value > 30 else ''}"


def _exercise(writer: Writer) -> str:
    first, second = writer.number(2, 99), writer.number(2, 99)
    return writer.pick(f"{first} + {second} = ____", f"{first} × {second} = {first * second}")


def _program(chance: random.Random) -> str:
    name = chance.choice("abk")
    return f"{name} = {chance.randint(1, 9)};\nwhile ({name} < n) {name} = {name} + 2;"


def _displayed(chance: random.Random, number: str) -> str:
    """A formula in the middle of the column; half of them have their number at the right."""
    math = f"<math display='block'><mrow>{_formula(chance)}</mrow></math>"
    if chance.random() < 0.5:
        return region("formula", math, style="width:fit-content;margin:.5em auto")
    content = f"<span></span>{math}<span>{number}</span>"
    return region("formula", content).replace("<div", '<div class="formula"', 1)


def _formula(chance: random.Random) -> str:
    x, y, z = (f"<mi>{name}</mi>" for name in chance.sample(_NAMES, 3))
    count = chance.randint(2, 9)
    equals = "<mo>=</mo>"
    match chance.randrange(8):
        case 0:
            return (
                f"<msub>{x}<mi>i</mi></msub>{equals}<munderover><mo>∑</mo><mrow><mi>k</mi>{equals}"
                f"<mn>1</mn></mrow><mi>n</mi></munderover><mfrac><mrow>{y}<mo>−</mo>"
                f"<mn>{count}</mn></mrow><msqrt>{z}</msqrt></mfrac>"
            )
        case 1:
            return (
                f"{x}{equals}<msubsup><mo>∫</mo><mn>0</mn><mi>∞</mi></msubsup><msup><mi>e</mi>"
                f"<mrow><mo>−</mo>{y}<mi>t</mi></mrow></msup><mi>d</mi><mi>t</mi>"
            )
        case 2:
            return (
                f"<mi>E</mi>{equals}{x}<msup><mi>c</mi><mn>{count}</mn></msup><mo>+</mo>{y}"
                f"<mo>−</mo><msup>{z}<mn>2</mn></msup>"
            )
        case 3:
            return (
                f"<mi>A</mi>{equals}<mrow><mo>(</mo><mtable><mtr><mtd>{x}</mtd><mtd><mn>0</mn></mtd>"
                f"</mtr><mtr><mtd><mn>{count}</mn></mtd><mtd>{y}</mtd></mtr></mtable><mo>)</mo></mrow>"
            )
        case 4:
            return (
                f"{x}{equals}<mfrac><mrow><mo>−</mo><mi>b</mi><mo>±</mo><msqrt><mrow><msup>"
                f"<mi>b</mi><mn>2</mn></msup><mo>−</mo><mn>{count}</mn><mi>a</mi><mi>c</mi></mrow>"
                "</msqrt></mrow><mrow><mn>2</mn><mi>a</mi></mrow></mfrac>"
            )
        case 5:
            return (
                f"<munder><mi>lim</mi><mrow><mi>n</mi><mo>→</mo><mi>∞</mi></mrow></munder>"
                f"<msup><mrow><mo>(</mo><mn>1</mn><mo>+</mo><mfrac>{x}<mi>n</mi></mfrac><mo>)</mo>"
                f"</mrow><mi>n</mi></msup>{equals}<msup><mi>e</mi>{x}</msup>"
            )
        case 6:
            return (
                f"<mfrac><mrow><mo>∂</mo><mi>f</mi></mrow><mrow><mo>∂</mo>{x}</mrow></mfrac>"
                f"<mo>+</mo><mfrac><mrow><mo>∂</mo><mi>f</mi></mrow><mrow><mo>∂</mo>{y}</mrow>"
                f"</mfrac>{equals}<mn>0</mn>"
            )
        case _:
            return (
                f"<mi>f</mi><mo>(</mo>{x}<mo>)</mo>{equals}<mrow><mo>{{</mo><mtable><mtr><mtd>{x}"
                f"<mo>+</mo><mn>{count}</mn><mo>,</mo></mtd><mtd>{x}<mo>&gt;</mo><mn>0</mn></mtd>"
                f"</mtr><mtr><mtd><mo>−</mo>{y}<mo>,</mo></mtd><mtd>{x}<mo>≤</mo><mn>0</mn></mtd>"
                "</mtr></mtable></mrow>"
            )
