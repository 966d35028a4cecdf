"""The form of the preprocessing steps, used by screens, API and commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ocrportal.ingest.base import Preprocessing
from ocrportal.submission.service_options import Switch, SwitchField

STEPS = {
    "text_layer": (
        _("Use the text that a PDF already contains"),
        _("Exact and immediate. Scanned pages are still recognised."),
    ),
    "auto_rotate": (
        _("Rotate pages automatically"),
        _("For pages scanned at 90° or 180°."),
    ),
    "skip_blank": (
        _("Skip blank pages"),
        _("Blank pages keep their place but are not recognised."),
    ),
    "all_frames": (
        _("Recognise all frames of an animated image"),
        _("If off, only the first frame of an animated GIF, WebP or PNG is recognised."),
    ),
    "split": (
        _("Split double-page spreads"),
        _("For images that show two facing pages."),
    ),
    "deskew": (
        _("Straighten skewed pages"),
        _("For paper scanned at a slight angle."),
    ),
    "correct_perspective": (
        _("Crop photos and correct perspective"),
        _("Finds the sheet of paper in the photo and removes the perspective distortion."),
    ),
    "enhance_contrast": (
        _("Enhance faint text"),
        _("For pencil, pale stamps and old copies."),
    ),
    "downscale": (
        _("Reduce very large images"),
        _("Faster when an image has more pixels than its text needs."),
    ),
}
"""Label and help text of each step of :class:`Preprocessing`, in the order of the form."""


class PreprocessingForm(forms.Form):
    """The steps as checkboxes ``preprocess-<name>``; a step without a value keeps its default."""

    prefix = "preprocess"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        defaults = Preprocessing().to_dict()
        for name, (label, hint) in STEPS.items():
            self.fields[name] = SwitchField(
                label=label,
                help_text=hint,
                initial=defaults[name],
                required=False,
                widget=Switch(on_by_default=True),
            )

    @property
    def chosen(self) -> dict[str, bool]:
        """The steps that have a value, once the form is valid."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}


def clean_preprocessing(given: Any) -> dict[str, bool]:
    """The steps of a JSON object with true and false, or with “on” and “off” from a command.

    Raises ValidationError with all errors.
    """
    if not isinstance(given, Mapping):
        raise ValidationError(
            _('Preprocessing must be a JSON object, such as {"split": true}.'),
            code="preprocessing-invalid",
        )
    if faults := list(_faults(given)):
        raise ValidationError(faults)
    cleaned = {name: SwitchField(required=False).clean(value) for name, value in given.items()}
    return {name: value for name, value in cleaned.items() if value is not None}


def _faults(given: Mapping[str, Any]) -> Iterator[ValidationError]:
    for name, value in given.items():
        if name not in STEPS:
            yield ValidationError(
                _("There is no preprocessing step “%(name)s”. Choose from: %(known)s."),
                code="preprocessing-unknown",
                params={"name": name, "known": ", ".join(STEPS)},
            )
        else:
            try:
                SwitchField(required=False).clean(value)
            except ValidationError as error:
                yield ValidationError(f"{name}: {error.messages[0]}", code="preprocessing-invalid")
