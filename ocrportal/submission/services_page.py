"""Prints docs/services.md from the catalogue; ``make docs`` calls it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ocrportal.catalogue.spec import (
    Category,
    Option,
    Service,
    categories,
    known_errors,
    regions,
    regions_of,
    services,
)
from ocrportal.engines import engines_for, options_of

INTRODUCTION = """\
# Services

Generated from `ocrportal/catalogue/` by `make docs`; change the data there, not this page.

The first column of each table is the key of the service in the API and on the command line
(`--service general-text`), with its names in English and Chinese. An option is given as
`--option name=value`, or in the API as the JSON object `options`.

A service that no region lists is offered with credentials of private clouds and of partners,
whose services are not known. A withdrawn service is not offered.
"""

OPTIONS = """\
## Options

“Default” is the value that the service uses without the option (a dash: not documented). A value
in bold is the default of the portal, which it sends instead: pages may have any rotation, and
fields and tables are shown with their positions and confidences. The portal selects the page of
a PDF itself, so that option is not listed.

| Option | Type | Default | Values | Does | Services |
|---|---|---|---|---|---|
"""


def page() -> str:
    """The whole page, as Markdown in English."""
    return "\n".join(
        [
            INTRODUCTION,
            _regions(),
            *(_category(category) for category in categories().values()),
            OPTIONS + "\n".join(_options()),
            _errors(),
        ]
    )


def _regions() -> str:
    rows = (
        f"| {region.names['en']} | {region.names['zh-hans']} | `{region.id}` "
        f"| {len(region.services)} |"
        for region in regions().values()
    )
    return "\n".join(
        ["## Regions", "", "| Region | Chinese | ID | Services |", "|---|---|---|--:|", *rows, ""]
    )


def _category(category: Category) -> str:
    rows = [
        f"| `{service.key}` | {service.names['en']} · {service.names['zh-hans']} "
        f"| {service.hints['en']} | {_where(service)} | {_names(_options_of(service))} |"
        for service in services().values()
        if service.category == category.key
    ]
    return "\n".join(
        [
            f"## {category.names['en']}",
            "",
            "| Key | Name | For | Regions | Options |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _options_of(service: Service) -> tuple[Option, ...]:
    return options_of(service, *engines_for(service.key))


def _where(service: Service) -> str:
    if service.notes is not None:
        return service.notes["en"]
    return ", ".join(region.id for region in regions_of(service.key))


def _names(options: Iterable[Option]) -> str:
    return ", ".join(f"`{option.name}`" for option in options) or "–"


def _options() -> Iterator[str]:
    """A row for each option; services that describe one in the same words share it."""
    rows: dict[str, list[str]] = {}
    for service in services().values():
        for option in _options_of(service):
            rows.setdefault(_option(option), []).append(service.key)
    for row, keys in sorted(rows.items()):
        yield f"{row} {', '.join(keys)} |"


def _option(option: Option) -> str:
    default = "–" if option.default is None else f"`{json.dumps(option.default)}`"
    if option.portal_default is not None:
        default += f", **`{json.dumps(option.portal_default)}`**"
    kind = f"{option.type}, needed" if option.required else option.type
    values = " ".join(f"`{value}`" for value in option.allowed or ())
    return f"| `{option.name}` | {kind} | {default} | {values} | {option.hints['en']} |"


def _errors() -> str:
    rows = (
        f"| {entry.code} | {entry.message} | {entry.causes['en']} {entry.remedies['en']} |"
        for entry in known_errors()
        if entry.next != "none"
    )
    return "\n".join(
        ["", "## Errors", "", "| Code | Message of the cloud | Meaning |", "|---|---|---|", *rows]
    )


if __name__ == "__main__":
    print(page())
