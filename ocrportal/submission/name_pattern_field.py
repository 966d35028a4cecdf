"""The form field for a pattern of file names."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ocrportal.errors.export import UnknownExportOption
from ocrportal.exporters.name_pattern import DEFAULT_NAME_PATTERN, MAX_PATTERN, checked_pattern


class NamesField(forms.CharField):
    """A pattern that exporters.name_pattern knows how to fill in; empty selects the default."""

    def __init__(self) -> None:
        super().__init__(
            label=_("File names"),
            max_length=MAX_PATTERN,
            required=False,
            initial=DEFAULT_NAME_PATTERN,
            help_text=_(
                "May contain {name}, {number}, {job}, {date}, {service}, {pages} and {folder}."
            ),
        )

    def clean(self, value: Any) -> str:
        try:
            return checked_pattern(super().clean(value) or DEFAULT_NAME_PATTERN)
        except UnknownExportOption as error:
            raise ValidationError(str(error), code=error.code) from error
