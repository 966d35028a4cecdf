"""Labels of fields, and the display form of their values, in the active language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ocrportal.catalogue.spec import ResultField, Service, services

_OUTCOMES = {
    "1000": gettext_lazy("consistent with the tax authority"),
    "1001": gettext_lazy("checked five times today; try again tomorrow"),
    "1002": gettext_lazy("invoice not found"),
    "1003": gettext_lazy("differs from the tax authority's data"),
    "1004": gettext_lazy("older than five years"),
    "1005": gettext_lazy("invoice type not supported"),
    "1006": gettext_lazy("abnormal invoice"),
    "1007": gettext_lazy("still being verified; try again tomorrow"),
    "1008": gettext_lazy("the tax authority did not respond in time"),
    "1009": gettext_lazy("region not supported by the tax authority"),
    "1010": gettext_lazy(
        "wrong parameter: the amount differs from the invoice, or a value is superfluous"
    ),
    "1011": gettext_lazy("invalid request"),
    "1012": gettext_lazy("a value is too long or too short"),
    "1013": gettext_lazy("a required value is missing"),
}
"""``result_code`` of invoice-verification, from its API reference."""


def label_of(service: Service | None, path: tuple[str, ...], kind: str | None = None) -> str:
    """The label of a field by its path; numbers in the path count items.

    ``kind`` is the type of the document if the service recognises several types. A name that
    the service does not declare is looked up in the other services, which use the same names.
    """
    names = tuple(name for name in path if not name.isdigit())
    if service is None or not names:
        return _spaced(path[-1])
    name = names[-1]
    of_kind = kind and services().get(kind.replace("_", "-"))
    if of_kind and "content" in names[:-1]:
        return label_of(of_kind, names[names.index("content") + 1 :])
    known = _at(service.fields, names) or _anywhere(service.fields, name)
    if known is None:
        known = _in_other_services(service, name, nested=len(names) > 1)
    return known.label if known else _spaced(name)


def shown_value(service: Service | None, path: tuple[str, ...], value: str) -> str:
    """A value in display form: codes, types and booleans of the cloud become words."""
    if value in ("true", "false"):
        return _("yes") if value == "true" else _("no")
    if service is None:
        return value
    if service.key == "invoice-verification" and path == ("result_code",) and value in _OUTCOMES:
        return f"{value}: {_OUTCOMES[value]}"
    if service.category == "classification" and path[-1] == "type":
        kind = services().get(value.replace("_", "-"))
        return kind.name if kind else value
    return value


def _at(fields: Iterable[ResultField], names: tuple[str, ...]) -> ResultField | None:
    """The field at the end of a path; None if the catalogue does not declare it."""
    found = None
    for name in names:
        found = next((entry for entry in fields if entry.name == name), None)
        if found is None:
            return None
        fields = found.fields
    return found


def _in_other_services(service: Service, name: str, *, nested: bool) -> ResultField | None:
    """The field of this name in another service, of the same category first."""
    for other in sorted(services().values(), key=lambda other: other.category != service.category):
        found = _anywhere(other.fields, name) if nested else _at(other.fields, (name,))
        if found is not None:
            return found
    return None


def _anywhere(fields: Iterable[ResultField], name: str) -> ResultField | None:
    for entry in fields:
        found = entry if entry.name == name else _anywhere(entry.fields, name)
        if found is not None:
            return found
    return None


def _spaced(name: str) -> str:
    """``machine_code`` as “Machine code”."""
    return name.replace("_", " ").capitalize() if name.isascii() else name
