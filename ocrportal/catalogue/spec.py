"""The catalogue of OCR services, regions and known errors as typed, frozen data.

Facts come from the provider's API reference and SDK (the version is in services.json).
Texts are given per language code (``en``, ``zh-hans``): they are facts of the catalogue
and therefore not in the gettext files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from django.utils.translation import get_language

Texts = Mapping[str, str]
"""The same text by language code; ``en`` is always present."""

OptionType = Literal["boolean", "string", "integer", "array<string>", "object"]
Next = Literal[
    "none", "fail", "retry", "throttle", "renew-token", "send-bytes", "shrink",
    "suspend-service", "suspend-credential",
]  # fmt: skip
"""What the portal does after an error:

- ``fail``: the page fails, other pages continue
- ``retry``: the page is sent again after a pause, a few times
- ``throttle``: the page is queued again, any number of times
- ``renew-token``: sign in again and repeat once; if it fails again, ``suspend-credential``
- ``send-bytes``: send the picture instead of its address; without an address, ``fail``
- ``shrink``: send a smaller picture once; if it fails again, ``fail``
- ``suspend-service``, ``suspend-credential``: no further call with this credential (to this
  service) until a user or administrator fixes the cause; the pages wait
- ``none``: not an error
"""


@dataclass(frozen=True, slots=True)
class Option:
    """One setting of a service."""

    name: str
    """Its name in the service's API."""
    type: OptionType
    required: bool
    default: Any
    """The value the service assumes if it is omitted; None if that is not documented."""
    allowed: tuple[str, ...] | None
    """The allowed values, of an array its allowed items; None: any value."""
    labels: Texts
    hints: Texts
    value_labels: Mapping[str, Texts]
    """What the allowed values mean, by value."""
    portal_default: Any = None
    """The value the portal sends if the user sets none; None: it omits the option."""
    may_be_empty: bool = False
    """True for a required option that accepts an empty text."""

    @property
    def label(self) -> str:
        return in_active_language(self.labels)

    @property
    def hint(self) -> str:
        return in_active_language(self.hints)

    def label_of(self, value: str) -> str:
        """The label of an allowed value in the active language; else the value itself."""
        texts = self.value_labels.get(value)
        return in_active_language(texts) if texts else value


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits on pictures that a service accepts."""

    formats: tuple[str, ...]
    """Upper case, as the reference names them: ``JPG``, ``PNG``, ``PDF``."""
    min_side: int
    """Pixels, like ``max_side``."""
    max_side: int
    max_pixels: int | None
    max_base64_bytes: int
    """Of the picture once it is base64 text."""


@dataclass(frozen=True, slots=True)
class PdfReading:
    """How a service itself reads PDF files."""

    page_option: str | None
    """The option that chooses the page, counted from 1; None if it reads only the first."""
    all_pages: bool
    """True if one call reads every page."""


@dataclass(frozen=True, slots=True)
class ResultField:
    """One named value of a service's response."""

    name: str
    type: str
    labels: Texts
    fields: tuple[ResultField, ...] = ()

    @property
    def label(self) -> str:
        return in_active_language(self.labels)


@dataclass(frozen=True, slots=True)
class Category:
    """A group of services in the service picker."""

    key: str
    names: Texts

    @property
    def name(self) -> str:
        return in_active_language(self.names)


@dataclass(frozen=True, slots=True)
class Service:
    """One OCR capability, such as ``general-text``."""

    key: str
    names: Texts
    hints: Texts
    category: str
    """The key of its :class:`Category`."""
    path: str
    """Of the cloud's address, with ``{project_id}`` in it."""
    status: Literal["listed", "unlisted", "sale-stopped", "withdrawn"]
    """``listed``: in a region's current list; ``unlisted``: in the SDK, but in none."""
    image_field: str | None
    """Name of the request's base64 field; None for a service that takes no picture."""
    pdf: PdfReading | None
    limits: Limits | None
    options: tuple[Option, ...]
    kind: str
    """The shape of its response: ``text_blocks``, ``table_regions``, ``smart_document``,
    ``document_list``, ``fields``, ``fields_and_text_blocks`` or ``dynamic``."""
    fields: tuple[ResultField, ...]
    notes: Texts | None = None
    """Why no region offers it; None for a service that is listed."""
    result_codes: Mapping[str, Texts] = field(default_factory=dict)
    """The meanings of ``result_code`` in its responses; empty if it returns none."""
    facts: tuple[str, ...] = ()
    """Further documented facts for developers of the portal; English only."""

    @property
    def name(self) -> str:
        """The name in the active language."""
        return in_active_language(self.names)

    @property
    def hint(self) -> str:
        """One line about its purpose, in the active language."""
        return in_active_language(self.hints)

    @property
    def note(self) -> str:
        """Why no region offers it, in the active language; empty for a listed service."""
        return in_active_language(self.notes) if self.notes else ""

    def option(self, name: str) -> Option | None:
        """The option of this name, or None."""
        return next((option for option in self.options if option.name == name), None)

    def label_of(self, *names: str) -> str:
        """The label of a result field by its path, such as ``("front", "name")``.

        A name that is not in the catalogue is its own label.
        """
        known: tuple[ResultField, ...] = self.fields
        label = names[-1]
        for name in names:
            found = next((field for field in known if field.name == name), None)
            if found is None:
                return names[-1]
            label, known = found.label, found.fields
        return label


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the cloud; its services, tokens and keys are separate from other regions."""

    id: str
    names: Texts
    ocr_host: str
    iam_host: str
    obs_host: str
    services: tuple[str, ...]

    @property
    def name(self) -> str:
        return in_active_language(self.names)


@dataclass(frozen=True, slots=True)
class KnownError:
    """An error code of the cloud, or a condition that occurs before a call reaches it."""

    code: str
    """The cloud's code; the portal's own codes contain a colon."""
    status: int | None
    message: str
    contains: str | None
    """Part of the message that distinguishes entries with the same code."""
    causes: Texts
    remedies: Texts
    next: Next
    scope: str

    @property
    def cause(self) -> str:
        return in_active_language(self.causes)

    @property
    def remedy(self) -> str:
        return in_active_language(self.remedies)


@cache
def categories() -> dict[str, Category]:
    """The groups of services by key, in display order."""
    return {
        entry["key"]: Category(key=entry["key"], names=entry["name"])
        for entry in _read("services.json")["categories"]
    }


@cache
def services() -> dict[str, Service]:
    """All services by key, in display order."""
    data = _read("services.json")
    return {entry["key"]: _service(entry, data["values"]) for entry in data["services"]}


@cache
def regions() -> dict[str, Region]:
    """The regions with OCR services, by id."""
    return {
        entry["id"]: Region(
            id=entry["id"],
            names=entry["name"],
            ocr_host=entry["ocr_host"],
            iam_host=entry["iam_host"],
            obs_host=entry["obs_host"],
            services=tuple(entry["services"]),
        )
        for entry in _read("regions.json")["regions"]
    }


@cache
def known_errors() -> tuple[KnownError, ...]:
    """All known error codes and conditions."""
    data = _read("errors.json")
    return tuple(
        KnownError(
            code=entry["code"],
            status=entry["status"],
            message=entry["message"],
            contains=entry["contains"],
            causes=entry["cause"],
            remedies=entry["remedy"],
            next=entry["next"],
            scope=entry["scope"],
        )
        for entry in [*data["errors"], *data["conditions"]]
    )


def find_error(code: str, message: str = "") -> KnownError | None:
    """The entry for an error code; if several share it, the one whose text matches."""
    same = [entry for entry in known_errors() if entry.code == code]
    for entry in same:
        if entry.contains and entry.contains.lower() in message.lower():
            return entry
    return next((entry for entry in same if entry.contains is None), same[0] if same else None)


def services_in(region: str) -> dict[str, Service]:
    """The cloud services that a region offers.

    An id that is not in the catalogue belongs to a private cloud or a partner; it is assumed
    to offer all services that have not been withdrawn.
    """
    known = regions().get(region)
    return {
        key: service
        for key, service in _cloud_services().items()
        if known is None or key in known.services
    }


def services_elsewhere(region: str) -> dict[str, tuple[Region, ...]]:
    """The cloud services that a region lacks, by key, with the regions that offer them.

    A service without any region is included; its ``note`` states the reason. Withdrawn
    services are omitted.
    """
    offered = services_in(region)
    return {key: regions_of(key) for key in _cloud_services() if key not in offered}


def region_host(region: str, part: Literal["ocr", "iam", "obs"]) -> str:
    """The host of a cloud service in the region.

    For a region that is not in the catalogue it follows from the naming scheme.
    """
    known = regions().get(region)
    if known is None:
        scheme: str = _read("regions.json")["host_elsewhere"]
        return scheme.format(part=part, region=region)
    return {"ocr": known.ocr_host, "iam": known.iam_host, "obs": known.obs_host}[part]


def regions_of(service: str) -> tuple[Region, ...]:
    """The regions that offer the service of this key."""
    return tuple(region for region in regions().values() if service in region.services)


def _cloud_services() -> dict[str, Service]:
    return {key: service for key, service in services().items() if service.status != "withdrawn"}


def in_active_language(texts: Texts) -> str:
    """The text in the language of the current request, else in English."""
    return texts.get(get_language() or "en") or texts["en"]


def _service(entry: dict[str, Any], values: dict[str, dict[str, Texts]]) -> Service:
    limits, pdf = entry["limits"], entry["pdf"]
    return Service(
        key=entry["key"],
        names=entry["name"],
        hints=entry["hint"],
        category=entry["category"],
        path=entry["path"],
        status=entry["status"],
        image_field=entry["image_field"],
        pdf=pdf and PdfReading(pdf["page_option"], all_pages=pdf["pages"].startswith("all")),
        limits=limits
        and Limits(
            formats=tuple(limits["formats"]),
            min_side=limits["min_side"],
            max_side=limits["max_side"],
            max_pixels=limits["max_pixels"],
            max_base64_bytes=limits["max_base64_mb"] * 1024 * 1024,
        ),
        options=tuple(
            _option(option, values.get(option["name"], {})) for option in entry["options"]
        ),
        kind=entry["result"]["kind"],
        fields=_fields(entry["result"]["fields"]),
        notes=entry.get("note"),
        result_codes=entry.get("result_codes", {}),
        facts=tuple(entry.get("facts", ())),
    )


def _option(entry: dict[str, Any], value_labels: dict[str, Texts]) -> Option:
    return Option(
        name=entry["name"],
        type=entry["type"],
        required=entry["required"],
        default=entry["default"],
        allowed=entry["allowed"] and tuple(entry["allowed"]),
        labels=entry["label"],
        hints=entry["help"],
        value_labels=value_labels if entry["allowed"] else {},
        portal_default=entry.get("portal_default"),
        may_be_empty=entry.get("may_be_empty", False),
    )


def _fields(entries: list[dict[str, Any]]) -> tuple[ResultField, ...]:
    return tuple(
        ResultField(
            name=entry["name"],
            type=entry["type"],
            labels=entry["label"],
            fields=_fields(entry.get("fields", [])),
        )
        for entry in entries
    )


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files(__package__).joinpath(name).read_text("utf-8"))
    return data
