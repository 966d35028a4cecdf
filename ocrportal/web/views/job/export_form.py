"""The options of a download as a form, made from their declarations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ocrportal.exporters.formats import FORMATS, ExportFormat
from ocrportal.exporters.options import Option, declared_options
from ocrportal.jobs.models.export import ALL_FORMATS
from ocrportal.submission.name_pattern_field import NamesField


class ExportForm(forms.Form):
    """Format and options of a download; the words are those of ``read_options``."""

    format = forms.ChoiceField(label=_("Format"))

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
        for option in declared_options():
            if not (is_one and option.key == "merged"):
                self.fields[option.key] = _field(option)

    def clean(self) -> dict[str, Any]:
        """An option without a value gets its default, such as one that an older page lacks."""
        for option in declared_options():
            if option.choices and self.cleaned_data.get(option.key) == "":
                self.cleaned_data[option.key] = next(iter(option.choices))
        return self.cleaned_data

    @property
    def choices(self) -> Iterator[tuple[forms.BoundField, str]]:
        """All options but the names, each with the formats that honour it."""
        for name in self.fields:
            if name not in ("format", "names"):
                formats = _honoured_by(name)
                yield self[name], " ".join([*formats, ALL_FORMATS]) if formats else ""

    @property
    def chosen(self) -> dict[str, str]:
        """The options that the format honours, once the form is valid."""
        wanted = self.cleaned_data["format"]
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "format"
            and (wanted == ALL_FORMATS or wanted in (_honoured_by(name) or [wanted]))
        }


def _field(option: Option) -> forms.Field:
    if not option.choices:
        return NamesField()
    return forms.ChoiceField(
        label=str(option.label),
        choices=list(option.choices.items()),
        required=False,
        help_text=str(option.help_text),
    )


def _honoured_by(option: str) -> list[str]:
    """Keys of the formats that declare an option; empty for one that concerns all of them."""
    return [entry.key for entry in FORMATS.values() if option in entry.options]
