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
        label=_("Lines"),
        choices=[
            ("paragraphs", _("Whole paragraphs")),
            ("printed", _("Lines as printed")),
            ("page", _("One line per page")),
        ],
        help_text=_("One line per page is for text files; in others paragraphs stay."),
    )
    furniture = forms.ChoiceField(
        label=_("Running heads and page numbers"),
        choices=[("on", _("Keep")), ("off", _("Leave out"))],
    )
    layout = forms.ChoiceField(
        label=_("Layout"),
        choices=[
            ("flow", _("Flowing text, to go on writing")),
            ("fixed", _("Every line in its place")),
        ],
    )
    picture = forms.ChoiceField(
        label=_("Pictures of the pages"),
        choices=[("off", _("Without")), ("on", _("Each before its text"))],
    )
    sheets = forms.ChoiceField(
        label=_("Sheets"),
        choices=[
            ("tables", _("One for each table")),
            ("pages", _("One for each page, with its text")),
        ],
    )
    quality = forms.ChoiceField(
        label=_("Size of the pictures"),
        choices=[
            ("original", _("Original: nothing changed")),
            ("good", _("Good: up to 200 dpi")),
            ("small", _("Small: up to 150 dpi, for e-mail")),
        ],
        help_text=_("For scans and photos. Pages of a PDF always stay as they are."),
    )
    merged = forms.ChoiceField(
        label=_("Several documents"),
        choices=[("off", _("One file each, as ZIP")), ("on", _("All in one file"))],
        help_text=_(
            "In one Excel file, cards and receipts become one table: a row for each. "
            "Subtitles and ALTO stay one file each."
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
