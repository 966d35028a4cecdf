"""Notes about a source or one of its pages, for the users who read the result."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Note(StrEnum):
    """What users should know about a page or a document; the value is stored."""

    TEXT_DIFFERS = "text-differs"
    TEXT_UNREADABLE = "text-unreadable"
    TEXT_HIDDEN = "text-hidden"
    TEXT_INCOMPLETE = "text-incomplete"
    TEXT_REPAIRED = "text-repaired"
    SIGNED = "signed"
    TEXT_ADDED = "text-added"
    HIDDEN_SHEETS = "hidden-sheets"
    SHEET_CONTINUES = "sheet-continues"
    SHEET_PICTURES = "sheet-pictures"
    END_DAMAGED = "end-damaged"
    SPREAD = "spread"

    @property
    def message(self) -> str:
        """The note in the active language."""
        return str(_MESSAGES[self])


_MESSAGES: dict[Note, Any] = {
    Note.TEXT_ADDED: _(
        "The pages do not show all text of this file, such as the end of a full text box. What "
        "is missing was added at the end of its page."
    ),
    Note.HIDDEN_SHEETS: _("Hidden sheets of this workbook are left out."),
    Note.SHEET_CONTINUES: _(
        "The cells on this page are in the table on the first page of the sheet."
    ),
    Note.SHEET_PICTURES: _(
        "The cells were read from the workbook; text in pictures and charts was not."
    ),
    Note.END_DAMAGED: _(
        "The end of this file is damaged. The picture itself is complete and was read."
    ),
    Note.SPREAD: _(
        "This picture shows two facing pages and was read as one. “Split double-page spreads” "
        "makes two pages of it."
    ),
    Note.SIGNED: _(
        "This PDF has a digital signature. A searchable PDF of all its pages keeps the signed "
        "version unchanged and adds the text as a later revision, unless scripts or similar have "
        "to be removed. Other files made from it are not signed. The original is unchanged."
    ),
    Note.TEXT_DIFFERS: _(
        "The text in the file does not match what the page shows, so the page was recognised."
    ),
    Note.TEXT_UNREADABLE: _(
        "The text in the file has characters without a meaning, so the page was recognised."
    ),
    Note.TEXT_HIDDEN: _(
        "Much of the text in the file is not visible on the page, so the page was recognised."
    ),
    Note.TEXT_INCOMPLETE: _(
        "The page shows more than the text in the file contains, so the page was recognised."
    ),
    Note.TEXT_REPAIRED: _(
        "Characters without a meaning in the text of the file were recognised instead."
    ),
}
