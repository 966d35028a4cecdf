"""The HTML of a generated document: pages of blocks, each marked with its kind.

The order of the blocks in the HTML is their reading order; CSS puts them at their places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

MM = 96 / 25.4
"""CSS pixels of a millimetre."""


@dataclass(frozen=True, slots=True)
class Design:
    """A document to print: its pages, their style, and their size in millimetres."""

    pages: tuple[str, ...]
    css: str = ""
    width: float = 210
    height: float = 297
    language: str = "zh"

    def html(self) -> str:
        """The whole document."""
        sections = "\n".join(f'<section class="page">{page}</section>' for page in self.pages)
        lang = {"zh": "zh-CN", "en": "en", "ja": "ja"}[self.language]
        return (
            f'<!doctype html><html lang="{lang}"><meta charset="utf-8">'
            f"<style>{self._page_style()}{BASE}{self.css}</style><body>{sections}</body></html>"
        )

    def _page_style(self) -> str:
        # A page a little lower than the sheet is never continued on another sheet.
        return (
            f"@page{{size:{self.width}mm {self.height}mm;margin:0}}"
            f".page{{width:{self.width}mm;height:{self.height - 0.2}mm}}"
        )


BASE = """
*{box-sizing:border-box}
html,body{margin:0;padding:0}
body{font-size:10pt;line-height:1.5;color:#111}
.page{position:relative;overflow:hidden;break-after:page;display:flex;flex-direction:column;
  padding:18mm 18mm 14mm}
p,h1,h2,h3,ul,ol,figure,blockquote{margin:0}
.grow{flex:1;min-height:0}
.columns{flex:1;min-height:0;column-fill:auto}
table{border-collapse:collapse;width:100%}
td,th{padding:1mm 2mm;vertical-align:top;text-align:left;font-weight:400}
.num{text-align:right;font-variant-numeric:tabular-nums}
.center{text-align:center}
.right{text-align:right}
.bold{font-weight:700}
.row{display:flex;gap:6mm}
.row>*{flex:1;min-width:0}
.box{display:inline-block;width:.9em;height:.9em;border:1.2px solid currentColor;
  vertical-align:-.1em;position:relative;margin-right:.3em}
.keep{break-inside:avoid}
svg,img{display:block;max-width:100%}
h1,h2,h3{break-after:avoid}
[data-region=code],[data-region=logo],[data-region=signature]{width:fit-content}
"""


def text(content: str) -> str:
    """Text as HTML."""
    return escape(content, quote=False)


def block(
    kind: str, content: str, *, tag: str = "p", style: str = "", cls: str = "", **data: object
) -> str:
    """A block of text; ``content`` is HTML, ``data`` are ``level``, ``optional`` …"""
    attributes = "".join(f' data-{name}="{value}"' for name, value in data.items())
    if cls:
        attributes += f' class="{cls}"'
    if style:
        attributes += f' style="{escape(style)}"'
    return f'<{tag} data-kind="{kind}"{attributes}>{content}</{tag}>'


def heading(level: int, content: str, *, style: str = "", cls: str = "") -> str:
    """A heading of level 1 to 3."""
    return block("heading", text(content), tag=f"h{level}", style=style, cls=cls, level=level)


def paragraph(content: str, *, style: str = "", cls: str = "") -> str:
    """A paragraph of plain text."""
    return block("paragraph", text(content), style=style, cls=cls)


def list_item(marker: str, content: str, *, style: str = "") -> str:
    """An item of a list; its marker is part of the text."""
    hanging = f"padding-left:1.6em;text-indent:-1.6em;{style}"
    return block("list_item", text(f"{marker} {content}"), style=hanging)


def region(kind: str, content: str, *, style: str = "", tag: str = "div", **data: object) -> str:
    """A figure, seal, formula …: something that is not running text."""
    attributes = "".join(f' data-{name}="{escape(str(value))}"' for name, value in data.items())
    if style:
        attributes += f' style="{escape(style)}"'
    return f'<{tag} data-region="{kind}"{attributes}>{content}</{tag}>'


def figure(picture: str, caption: str = "", *, style: str = "", above: bool = False) -> str:
    """A picture with its caption below or above it, kept together."""
    parts = [region("figure", picture)]
    if caption:
        place = 0 if above else 1
        parts.insert(place, block("caption", text(caption), cls="caption"))
    return f'<div class="keep figure" style="{escape(style)}">{"".join(parts)}</div>'


def table(
    rows: list[list[str]],
    *,
    style: str = "",
    head: int = 0,
    widths: Sequence[float] = (),
    continues: bool = False,
    divides_row: bool = False,
) -> str:
    """A table; each row is a list of cells made with :func:`cell`, the first ``head`` its head.

    ``widths`` are those of the columns in millimetres, otherwise they depend on the contents.
    A table that continues one on the page before repeats the head of that one. If it divides a
    row, its first row after the head has the lines that did not fit on the page before.
    """
    tags = ['<tr data-repeated="">' if continues and n < head else "<tr>" for n in range(len(rows))]
    if divides_row:
        tags[head] = '<tr data-divided="">'
    lines = [f"{tag}{''.join(row)}</tr>" for tag, row in zip(tags, rows, strict=True)]
    body = "".join(lines[head:])
    if head:
        body = f"<thead>{''.join(lines[:head])}</thead><tbody>{body}</tbody>"
    if widths:
        style += ";table-layout:fixed"
        columns = "".join(f'<col style="width:{width}mm">' for width in widths)
        body = f"<colgroup>{columns}</colgroup>{body}"
    attributes = f' style="{escape(style)}"' if style else ""
    if continues:
        attributes += ' data-continues=""'
    return f'<table data-kind="table"{attributes}>{body}</table>'


def cell(
    content: str,
    *,
    rows: int = 1,
    columns: int = 1,
    head: bool = False,
    cls: str = "",
    style: str = "",
) -> str:
    """A cell whose ``content`` is HTML."""
    tag = "th" if head else "td"
    attributes = ""
    if rows > 1:
        attributes += f' rowspan="{rows}"'
    if columns > 1:
        attributes += f' colspan="{columns}"'
    if cls:
        attributes += f' class="{cls}"'
    if style:
        attributes += f' style="{escape(style)}"'
    return f"<{tag}{attributes}>{content}</{tag}>"


GLYPHS = {"empty": "☐", "checked": "☑", "crossed": "☒"}
_MARKS = {
    "empty": "",
    "checked": '<path d="M2 6l3 3 6-8" fill="none" stroke="currentColor" stroke-width="1.6"/>',
    "crossed": '<path d="M2 2l8 8M10 2l-8 8" fill="none" stroke="currentColor" stroke-width="1.4"/>',
}


def check_box(state: str, *, drawn: bool = True) -> str:
    """A check box within text: drawn, or a character of the font."""
    glyph = GLYPHS[state]
    if not drawn:
        return f'<span data-region="check_box" data-state="{state}">{glyph}</span>'
    return (
        f'<span class="box" data-region="check_box" data-state="{state}" data-glyph="{glyph}">'
        f'<svg viewBox="0 0 12 12" style="position:absolute;inset:0">{_MARKS[state]}</svg></span>'
    )
