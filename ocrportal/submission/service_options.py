"""What may be set for a service: form fields from the catalogue, and values made clean.

Screens, API and command share these: :class:`OptionsForm` for the first, and
:func:`clean_options` for all three.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ocrportal.catalogue.spec import Option, Service
from ocrportal.engines import options_of

_JSON_TYPES = {"boolean": bool, "string": str, "integer": int, "object": dict}


def option_fields(engine: str, service: Service) -> dict[str, forms.Field]:
    """A form field for each option by its name, labelled in the active language."""
    return {option.name: _field(option) for option in options_of(service, engine)}


def clean_options(
    engine: str, service: Service, values: Mapping[str, Any], *, from_text: bool
) -> dict[str, Any]:
    """The JSON values to keep with a job and to send, without those that change nothing.

    ``values`` holds JSON values by option name; with ``from_text``, what was typed: texts
    such as ``true`` or ``front,back``. Options left out get the portal's default if they
    have one. Clean values stay as they are when cleaned again.

    Raises ValidationError with the messages by option name: unknown names, wrong types,
    values that are not allowed, required options left out.
    """
    options = {option.name: option for option in options_of(service, engine)}
    errors: dict[str, Any] = {
        name: _unknown(name, service, options) for name in values if name not in options
    }
    chosen = {}
    for name, option in options.items():
        try:
            value = _clean(option, values.get(name), from_text=from_text)
        except ValidationError as error:
            errors[name] = error
            continue
        if not _is_redundant(option, value):
            chosen[name] = value
    if errors:
        raise ValidationError(errors)
    return chosen


class OptionsForm(forms.Form):
    """The options of one service in a screen; fields are posted as ``option-<name>``.

    Once valid, ``options`` holds what :func:`clean_options` returns.
    """

    prefix = "option"

    def __init__(self, engine: str, service: Service, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._engine, self._service = engine, service
        self.options: dict[str, Any] = {}
        self.fields.update(option_fields(engine, service))

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            given = {name: value for name, value in self.cleaned_data.items() if value is not None}
            self.options = clean_options(self._engine, self._service, given, from_text=False)
        return self.cleaned_data


class Switch(forms.CheckboxInput):
    """A checkbox whose value is None if the request has no value for it.

    A browser posts nothing for an unchecked box. A box that is checked by default therefore has a
    hidden field with “false”, which the value of a checked box overrides.
    """

    def __init__(self, *, on_by_default: bool) -> None:
        super().__init__()
        self.on_by_default = on_by_default

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        box = super().render(name, value, attrs, renderer)
        if not self.on_by_default:
            return box
        return format_html('<input type="hidden" name="{}" value="false">{}', name, box)

    def value_from_datadict(  # type: ignore[override]  # the base class has no None
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> bool | None:
        return super().value_from_datadict(data, files, name) if name in data else None


class SwitchField(forms.Field):
    """True, False, or None without a value."""

    texts: Mapping[str, bool] = {"true": True, "on": True, "false": False, "off": False}

    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values or isinstance(value, bool):
            return value if isinstance(value, bool) else None
        known = self.texts.get(str(value).strip().lower())
        if known is None:
            raise ValidationError(
                _("“%(value)s” is not valid. Enter true or false."), params=_shown(value)
            )
        return known

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Without a value, a screen shows the initial one, which then applies."""
        return initial if data is None else data


class OneOfField(forms.ChoiceField):
    """One of the allowed values."""

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)
        _check_choices([value] if value else [], self.choices)


class SomeOfField(forms.MultipleChoiceField):
    """Some of the allowed values, in their order; a string is a list separated by commas."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        if isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        return super().to_python(value)

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)
        _check_choices(value, self.choices)

    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        return [known for known in _values(self.choices) if known in chosen]


class ObjectField(forms.JSONField):
    """A JSON object."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value not in self.empty_values and not isinstance(value, dict):
            raise ValidationError(_("This must be a JSON object, such as {}."))


def _field(option: Option) -> forms.Field:
    initial = option.portal_default if option.portal_default is not None else option.default
    shown: dict[str, Any] = {"label": option.label, "help_text": option.hint, "initial": initial}
    shown["required"] = option.required and not option.may_be_empty
    if option.type == "boolean":
        return SwitchField(widget=Switch(on_by_default=bool(initial)), **shown)
    if option.type == "integer":
        return forms.IntegerField(**shown)
    if option.type == "object":
        return ObjectField(widget=forms.Textarea(attrs={"rows": 3}), **shown)
    if option.allowed is None:
        return forms.CharField(**shown)
    choices = [(value, option.label_of(value)) for value in option.allowed]
    if option.type == "array<string>":
        return SomeOfField(choices=choices, **shown)
    if initial is None and not option.required:
        choices.insert(0, ("", _("Service default")))
    return OneOfField(choices=choices, **shown)


def _clean(option: Option, value: Any, *, from_text: bool) -> Any:
    """The value in its JSON type; None without a value and without a default of the portal."""
    if value is None:
        if option.required:
            raise ValidationError(forms.Field.default_error_messages["required"])
        return option.portal_default
    if not from_text and not _is_of_type(value, option.type):
        raise ValidationError(
            _("“%(value)s” is not of type %(type)s."),
            params={**_shown(value), "type": option.type},
        )
    cleaned = _field(option).clean(value)
    if cleaned in ("", [], {}) and not option.may_be_empty:
        return option.portal_default
    return option.portal_default if cleaned is None else cleaned


def _is_of_type(value: Any, kind: str) -> bool:
    if kind == "array<string>":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    # True is an int in Python, but not an integer in JSON.
    return isinstance(value, _JSON_TYPES[kind]) and isinstance(value, bool) == (kind == "boolean")


def _is_redundant(option: Option, value: Any) -> bool:
    """True for a value that the service uses by default.

    An option with a default of the portal is always kept: without a value it would become that
    default.
    """
    if value is None:
        return True
    return value == option.default and option.portal_default is None and not option.required


def _check_choices(values: list[str], choices: Any) -> None:
    known = _values(choices)
    for value in values:
        if value not in known:
            raise ValidationError(
                _("“%(value)s” is not a valid choice. Choose one of: %(known)s."),
                params={**_shown(value), "known": ", ".join(known)},
            )


def _values(choices: Any) -> list[str]:
    return [value for value, _label in choices if value]


def _unknown(name: str, service: Service, options: Mapping[str, Option]) -> ValidationError:
    params = {**_shown(name), "service": service.name, "known": ", ".join(options)}
    if not options:
        return ValidationError(
            _("“%(value)s” is unknown: “%(service)s” has no options."), params=params
        )
    return ValidationError(
        _("“%(value)s” is not an option of “%(service)s”. Its options are: %(known)s."),
        params=params,
    )


def _shown(value: Any) -> dict[str, str]:
    """A user's value for a message, shortened."""
    return {"value": str(value)[:50]}
