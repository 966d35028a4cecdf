"""Removes the text layer of an earlier recognition from a page.

With two text layers, each text would be found and copied twice. Text is removed if no reader of
the page can see it: invisible text (modes 3 and 7), and text that a later opaque picture covers.
Only the operators that show it are removed, from the contents of the page and of its forms;
operators that change the graphics state are kept. Contents that are large, malformed or use unusual
filters are not changed.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import pikepdf
from pikepdf import Dictionary, Name, Object, Operator, Page, Pdf, Stream

from ocrportal.exporters.pdf.own_text.hidden_text import (
    Box,
    MalformedContents,
    hidden_text,
    translucent_parameters,
)
from ocrportal.exporters.pdf.page_contents import decoded_contents, decoded_data, used_resources

_HIDING_MODE = re.compile(rb"(?<![\d.])[37]\s+Tr\b")
_SHOWS = re.compile(rb"T[jJ]\b|[)>]\s*['\"]")
_DRAWS = re.compile(rb"\sDo\b")
_MAX_DEPTH = 3
"""Levels of nested forms that are read."""
ReadForms = dict[tuple[int, int], bool]
"""The number and generation of each form that was read, and whether text may be left in it."""


def remove_old_text(pdf: Pdf, page: Page, box: Box, read: ReadForms) -> bool:
    """Remove hidden text from a page, as far as its contents can be read.

    ``box`` is the visible part of the page: its left, bottom, right and top. ``read`` has the
    forms of pages before it, and gets those of this page. Returns whether text may be left: the
    page has operators that show some, or contents that were not read.
    """
    data = decoded_contents(page)
    if data is None:
        return True
    resources = page.obj.get("/Resources")
    if _can_hide(data):
        kept = _without_hidden(pdf, data, resources, box, is_opaque=True)
        if kept is not None:
            data = kept
            stream = Stream(pdf, zlib.compress(kept), Filter=Name.FlateDecode)
            page.obj.Contents = pdf.make_indirect(stream)
    has_text = bool(_SHOWS.search(data))
    if isinstance(resources, Dictionary):
        used = used_resources(resources, data)
        is_opaque = not _lets_through(resources)
        has_text = _clean_forms(pdf, used, _MAX_DEPTH, read, is_opaque=is_opaque) or has_text
    return has_text


def _clean_forms(
    pdf: Pdf, resources: Object, depth: int, read: ReadForms, *, is_opaque: bool
) -> bool:
    drawn = resources.get("/XObject")
    if not isinstance(drawn, Dictionary):
        return False
    forms = [
        entry
        for entry in drawn.as_dict().values()
        if isinstance(entry, Stream) and entry.get("/Subtype") == Name.Form
    ]
    has_text = False
    for form in forms:
        if form.objgen not in read:
            read[form.objgen] = True  # also while its own forms are read
            if depth:
                read[form.objgen] = _clean_form(pdf, form, depth, read, is_opaque=is_opaque)
        has_text = has_text or read[form.objgen]
    return has_text


def _clean_form(pdf: Pdf, form: Stream, depth: int, read: ReadForms, *, is_opaque: bool) -> bool:
    data, inner = decoded_data(form), form.get("/Resources")
    if data is None:
        return True
    # A group is painted by itself before the graphics state of the page applies to it.
    is_opaque = is_opaque or "/Group" in form
    if _can_hide(data):
        # The visible part of a form depends on where it is drawn.
        kept = _without_hidden(pdf, data, inner, None, is_opaque=is_opaque)
        if kept is not None:
            data = kept
            form.write(zlib.compress(kept), filter=Name.FlateDecode, decode_parms=None)
    has_text = bool(_SHOWS.search(data))
    if isinstance(inner, Dictionary):
        is_opaque = is_opaque and not _lets_through(inner)
        used = used_resources(inner, data)
        has_text = _clean_forms(pdf, used, depth - 1, read, is_opaque=is_opaque) or has_text
    return has_text


def _lets_through(resources: Dictionary) -> bool:
    """Whether a form that is drawn with these resources may be painted translucent."""
    states = resources.get("/ExtGState")
    return isinstance(states, Dictionary) and any(
        isinstance(state, Dictionary) and any(translucent_parameters(state).values())
        for state in states.as_dict().values()
    )


def _can_hide(data: bytes) -> bool:
    """Whether contents may have hidden text: a mode that hides it, or a picture after it."""
    first = _SHOWS.search(data)
    return first is not None and (
        _HIDING_MODE.search(data) is not None or _DRAWS.search(data, first.start()) is not None
    )


def _without_hidden(
    pdf: Pdf, data: bytes, resources: Object | None, box: Box | None, *, is_opaque: bool
) -> bytes | None:
    """The contents without their hidden text; None if they have none, or are malformed."""
    try:
        instructions = pikepdf.parse_content_stream(pdf.make_stream(data))
        hidden = hidden_text(instructions, resources, box, is_opaque=is_opaque)
    except (MalformedContents, pikepdf.PdfError):
        return None
    if not hidden:
        return None
    kept: list[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage] = []
    for index, instruction in enumerate(instructions):
        if index in hidden:
            operands = list(instruction.operands)
            kept += _other_effects(str(instruction.operator), operands)
        else:
            kept.append(instruction)
    return pikepdf.unparse_content_stream(kept)


def _other_effects(
    operator: str, operands: Sequence[Object]
) -> list[pikepdf.ContentStreamInstruction]:
    """What an operator that shows text does besides."""
    effects: list[tuple[Sequence[Object], str]] = []
    if operator == '"':
        effects += [(operands[:1], "Tw"), (operands[1:2], "Tc")]
    if operator in ("'", '"'):
        effects.append(([], "T*"))
    return [pikepdf.ContentStreamInstruction(given, Operator(name)) for given, name in effects]
