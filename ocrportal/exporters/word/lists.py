"""Numbered and bulleted lists in Word: a definition per marker style, an instance per list."""

from __future__ import annotations

from typing import cast

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from ocrportal.exporters.word.runs import added, element
from ocrportal.layout.list_markers import ListMarker
from ocrportal.text import is_han_like

_FORMATS = {
    "bullet": "bullet",
    "decimal": "decimal",
    "chinese": "chineseCounting",
    "letter": "lowerLetter",
    "capital": "upperLetter",
    "circled": "decimalEnclosedCircle",
}
_Kind = tuple[str, str, str, str]


class WordLists:
    """The list definitions of one document."""

    def __init__(self, word: WordDocument) -> None:
        self._numbering = cast("BaseOxmlElement", word.part.numbering_part.element)
        self._definitions: dict[_Kind, int] = {}
        self._running: dict[_Kind, tuple[int, int]] = {}
        self._next = 1 + max(
            int(found.get(qn(f"w:{name}"), "0"))
            for tag, name in (("w:abstractNum", "abstractNumId"), ("w:num", "numId"))
            for found in self._numbering.iter(qn(tag))
        )

    def number_properties(self, marker: ListMarker, *, hangs: bool) -> BaseOxmlElement:
        """The ``w:numPr`` element for a marker; with ``hangs`` a tab follows the marker."""
        kind = (marker.style, marker.before, marker.after, self._ending(marker, hangs=hangs))
        identity, last = self._running.get(kind, (0, 0))
        if not identity or (marker.number and marker.number != last + 1):
            identity = self._start(kind, marker.number)
        self._running[kind] = (identity, marker.number)
        properties = element("w:numPr")
        added(properties, "w:ilvl", val="0")
        added(properties, "w:numId", val=str(identity))
        return properties

    def _ending(self, marker: ListMarker, *, hangs: bool) -> str:
        if hangs:
            return "tab"
        return "nothing" if is_han_like((marker.before + marker.after)[-1:] or "①") else "space"

    def _start(self, kind: _Kind, number: int) -> int:
        if kind not in self._definitions:
            self._definitions[kind] = self._define(kind)
        identity = self._take_number()
        entry = added(self._numbering, "w:num", numId=str(identity))
        added(entry, "w:abstractNumId", val=str(self._definitions[kind]))
        if number:
            override = added(entry, "w:lvlOverride", ilvl="0")
            added(override, "w:startOverride", val=str(number))
        return identity

    def _define(self, kind: _Kind) -> int:
        style, before, after, ending = kind
        identity = self._take_number()
        definition = element("w:abstractNum", abstractNumId=str(identity))
        added(definition, "w:multiLevelType", val="singleLevel")
        level = added(definition, "w:lvl", ilvl="0")
        added(level, "w:start", val="1")
        added(level, "w:numFmt", val=_FORMATS[style])
        added(level, "w:suff", val=ending)
        added(level, "w:lvlText", val=before if style == "bullet" else f"{before}%1{after}")
        added(level, "w:lvlJc", val="left")
        # Definitions precede the lists that use them.
        first = self._numbering.find(qn("w:num"))
        if first is None:
            self._numbering.append(definition)
        else:
            first.addprevious(definition)
        return identity

    def _take_number(self) -> int:
        self._next += 1
        return self._next - 1
