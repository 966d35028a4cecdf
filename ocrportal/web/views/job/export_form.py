"""The choices that a download has, as a form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ocrportal.exporters.formats import ExportFormat
from ocrportal.jobs.models.export import ALL_FORMATS
from ocrportal.submission.name_pattern_field import NamesField

TEXT_FORMATS = ("docx", "txt", "xlsx", "md", "html")
"""Formats of running text; the others tell where it is printed."""
MEANT_FOR: dict[str, tuple[str, ...]] = {
    "lines": TEXT_FORMATS,
    "furniture": TEXT_FORMATS,
    "layout": ("docx",),
    "picture": ("docx",),
    "sheets": ("xlsx",),
    "quality": ("pdf", "pdfa"),
}
"""The formats to which a choice means something; what is not named means something to all."""


class ExportForm(forms.Form):
    """What a download is to be like; the words are those of ``read_options``."""

    format = forms.ChoiceField(label=_("Format"))
    lines = forms.ChoiceField(
        label=_("Keep line breaks"),
        choices=[
            ("paragraphs", _("Whole paragraphs")),
            ("printed", _("Lines as printed")),
            ("page", _("One line per page")),
        ],
        help_text=_("One line per page applies to text files only; other formats keep paragraphs."),
    )
    furniture = forms.ChoiceField(
        label=_("Headers, footers and page numbers"),
        choices=[("on", _("Keep")), ("off", _("Leave out"))],
    )
    layout = forms.ChoiceField(
        label=_("Layout"),
        choices=[
            ("flow", _("Editable text")),
            ("fixed", _("Exact layout")),
        ],
    )
    picture = forms.ChoiceField(
        label=_("Page images"),
        choices=[("off", _("Do not include")), ("on", _("Before the text of each page"))],
    )
    sheets = forms.ChoiceField(
        label=_("Sheets"),
        choices=[
            ("tables", _("One per table")),
            ("pages", _("One per page, with its text")),
        ],
    )
    quality = forms.ChoiceField(
        label=_("Image size"),
        choices=[
            ("original", _("Original, unchanged")),
            ("good", _("Good: up to 200 dpi")),
            ("small", _("Small: up to 150 dpi, for e-mail")),
        ],
        help_text=_("For scans and photos. Pages of an uploaded PDF are never changed."),
    )
    merged = forms.ChoiceField(
        label=_("Several documents"),
        choices=[("off", _("One file per document, as ZIP")), ("on", _("All in one file"))],
        help_text=_(
            "In a single Excel file, cards and receipts become one table with one row each. "
            "Subtitles and ALTO are always one file per document."
        ),
    )
    names = NamesField()

    def __init__(
        self, *args: Any, formats: list[ExportFormat], is_one: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["format"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *((entry.key, entry.label) for entry in formats),
            (ALL_FORMATS, _("All formats as ZIP")),
        ]
        if is_one:
            del self.fields["merged"]

    @property
    def choices(self) -> Iterator[tuple[forms.BoundField, str]]:
        """All but format and names, each with the formats to which it means something."""
        for name in self.fields:
            if name not in ("format", "names"):
                formats = MEANT_FOR.get(name)
                yield self[name], " ".join([*formats, ALL_FORMATS]) if formats else ""

    @property
    def chosen(self) -> dict[str, str]:
        """What means something to the format, once the form is valid."""
        wanted = self.cleaned_data["format"]
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "format"
            and (wanted == ALL_FORMATS or wanted in MEANT_FOR.get(name, (wanted,)))
        }
