"""A reference card: narrow columns of commands, each with its description beside it."""

from __future__ import annotations

from bench.documents.fonts import family
from bench.documents.markup import Design, block, heading, paragraph, text
from bench.documents.writing import Writer

LANGUAGES = ("en", "zh", "en", "en")
_LAYOUTS = ("command first", "command at the edge", "command last", "command first")
_WORDS = (
    "open",
    "close",
    "find",
    "list",
    "set",
    "get",
    "read",
    "write",
    "plot",
    "size",
    "name",
    "next",
)


def design(writer: Writer) -> Design:
    """Groups of commands in two to four columns of small type."""
    chance = writer.chance
    columns, width, height = writer.by_turn(
        ((3, 297, 210), (3, 297, 210), (2, 210, 297), (4, 297, 210))
    )
    layout = writer.by_turn(_LAYOUTS)
    title = heading(1, writer.either("Reference Card", "命令速查"))
    body = "".join(_group(writer, layout) for _ in range(60))
    above, within = (title, "") if chance.random() < 0.5 else ("", title)
    note = f'<div class="note">{block("footnote", text(writer.sentence()))}</div>'
    page = (
        f'{above}<div class="columns" data-fit style="column-count:{columns}">{within}{body}</div>'
        f"{note if chance.random() < 0.5 else ''}"
    )
    share = chance.choice((35, 42, 50)) if layout == "command first" else chance.choice((62, 70))
    first = f"grid-template-columns:{share}% 1fr"
    line = (
        "display:flex;justify-content:space-between"
        if "edge" in layout
        else f"display:grid;{first}"
    )
    css = (
        f"body{{font-family:{family(chance, writer.language)};font-size:{chance.choice((6.5, 7, 8))}pt;"
        f"line-height:{chance.choice((1.2, 1.3, 1.4))}}}"
        f".page{{padding:{chance.choice((8, 10, 12))}mm}}.columns{{column-gap:{chance.choice((4, 6, 9))}mm}}"
        f".entry{{{line}}}.note{{margin-top:2mm}}"
        f".entry>:first-child{{padding-right:{chance.choice((1, 2))}mm}}"
        f"code{{font-family:{chance.choice(('Nimbus Mono PS', 'DejaVu Sans Mono', 'inherit'))};font-size:.95em}}"
        f"h1{{font-size:1.8em;margin-bottom:2mm;text-align:{chance.choice(('center', 'left'))}}}"
        f"h2{{font-size:{chance.choice((1.0, 1.2))}em;line-height:1.3;margin:{chance.choice((1, 2))}mm 0 .5mm;"
        f"{chance.choice(('', 'text-align:center', 'border-bottom:.6px solid #000'))}}}"
    )
    return Design((page,), css, width, height, language=writer.language)


def _group(writer: Writer, layout: str) -> str:
    parts = [heading(2, writer.heading())]
    if writer.chance.random() < 0.2:
        parts.append(paragraph(writer.sentence()))
    parts += [_entry(writer, layout) for _ in range(writer.number(3, 11))]
    return "".join(parts)


def _entry(writer: Writer, layout: str) -> str:
    command = f"<code>{text(_command(writer))}</code>"
    if layout == "command first":
        described = writer.sentence() if writer.chance.random() < 0.15 else _description(writer)
        content = f"{command} <span>{text(described)}</span>"
    else:
        content = f"<span>{text(_description(writer))}</span> {command}"
    return block("paragraph", content, cls="entry")


def _description(writer: Writer) -> str:
    """A few words that fit beside a command."""
    thing = writer.word("thing")
    done = writer.either(
        writer.pick("list", "find", "print", "copy", "undo"),
        writer.pick("列出", "查找", "打印", "复制"),
    )
    return f"{done} {thing}" if writer.is_english else done + thing


def _command(writer: Writer) -> str:
    chance = writer.chance
    word, other = chance.sample(_WORDS, 2)
    key = chance.choice("abcdefgkxyz<>%")
    return chance.choice(
        (f"C-x {key}", f"M-{key}", f"{word}(x)", f"{word}(x, n)", f"--{word}={other}", f"{word}_{other}",
         f"{word}", f"ESC {key}", f":{word}", f"{word} {other}", f"x = {word}(n)")
    )  # fmt: skip
