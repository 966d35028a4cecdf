"""Footnotes in Word: a part of the package, and references in the text with the printed marks."""

from __future__ import annotations

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.story import StoryPart

from ocrportal.exporters.word.runs import added, element


class WordFootnotes:
    """The footnotes of a document; the part is created with the first one."""

    def __init__(self, word: WordDocument) -> None:
        self._document = word.part
        self._notes: BaseOxmlElement | None = None
        self._count = 0

    def add(self, paragraph: CT_P, mark: str) -> CT_P:
        """Add a reference with this mark to a paragraph; returns that of the new footnote."""
        notes = self._part_element()
        self._count += 1
        run = added(paragraph, "w:r")
        added(added(run, "w:rPr"), "w:vertAlign", val="superscript")
        added(run, "w:footnoteReference", customMarkFollows="1", id=str(self._count))
        added(run, "w:t").text = mark
        footnote = added(notes, "w:footnote", id=str(self._count))
        text = added(footnote, "w:p")
        assert isinstance(text, CT_P)
        return text

    def _part_element(self) -> BaseOxmlElement:
        if self._notes is None:
            self._notes = element("w:footnotes")
            for number, name in ((-1, "separator"), (0, "continuationSeparator")):
                made = added(self._notes, "w:footnote", type=name, id=str(number))
                added(added(added(made, "w:p"), "w:r"), f"w:{name}")
            part = StoryPart(
                PackURI("/word/footnotes.xml"),
                CONTENT_TYPE.WML_FOOTNOTES,
                self._notes,
                self._document.package,
            )
            self._document.rels.add_relationship(RELATIONSHIP_TYPE.FOOTNOTES, part, "rIdFootnotes")
        return self._notes
