"""The steps by which pages are prepared, as screens, API and commands choose them."""

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
        _("Exact, and at once. Scanned pages are read as always."),
    ),
    "auto_rotate": (
        _("Turn pages the right way up"),
        _("For pages that were scanned on their side or upside down."),
    ),
    "skip_blank": (
        _("Leave out blank pages"),
        _("They stay in their place, but nobody is asked to read them."),
    ),
    "all_frames": (
        _("Read all pictures of an animated file"),
        _("Off: only the first one of an animated GIF, WebP or PNG."),
    ),
    "split": (
        _("Cut open books into left and right page"),
        _("Where one picture shows two facing pages."),
    ),
    "deskew": (
        _("Level crooked pages"),
        _("For paper that lay a few degrees askew in the scanner."),
    ),
    "correct_perspective": (
        _("Crop and straighten photos"),
        _("Finds the sheet in the photo and takes out the perspective."),
    ),
    "enhance_contrast": (
        _("Darken faint print"),
        _("For pencil, pale stamps and old copies."),
    ),
    "downscale": (
        _("Make very large pictures smaller"),
        _("Faster, where there are more pixels than the print needs."),
    ),
}
"""Each step of :class:`Preprocessing` in the words of the office, in the order it is shown."""


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
        """What was ticked and what was not, once the form is valid."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}


def clean_preprocessing(given: Any) -> dict[str, bool]:
    """What a script or a command chooses: an object of true and false, or of “on” and “off”.

    Raises ValidationError that names what is wrong.
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
                _("There is no preprocessing step “%(name)s”. There are: %(known)s."),
                code="preprocessing-unknown",
                params={"name": name, "known": ", ".join(STEPS)},
            )
        else:
            try:
                SwitchField(required=False).clean(value)
            except ValidationError as error:
                yield ValidationError(f"{name}: {error.messages[0]}", code="preprocessing-invalid")
