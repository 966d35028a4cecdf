"""The choices of the upload page: engines, credentials, services and their options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ocrportal.accounts.credentials import credentials_of
from ocrportal.accounts.models import Credential, User
from ocrportal.catalogue.spec import (
    Service,
    categories,
    services,
    services_elsewhere,
    services_in,
)
from ocrportal.engines import DEFAULT_ENGINE, ENGINES, services_of
from ocrportal.engines.base import EngineInfo
from ocrportal.submission.service_options import OptionsForm

CHOICES = ("engine", "credential", "service")
"""The fields on which the other choices depend."""
FROM_BUCKET = "from_bucket"
"""Session key of the objects chosen in a bucket, until the upload page shows them."""


@dataclass(frozen=True, slots=True)
class ServiceGroup:
    """Services of one category."""

    name: str
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class NotHere:
    """A service that is not offered in the region of the chosen credential."""

    service: Service
    where: str
    """The names of the regions that offer it, or the reason why none does."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The current selection, and the choices that it allows."""

    engine: EngineInfo
    credentials: tuple[Credential, ...]
    credential: Credential | None
    """The one to use; None if the engine needs no credential, or the user has none."""
    groups: tuple[ServiceGroup, ...]
    not_here: tuple[NotHere, ...]
    service: Service
    option_form: OptionsForm | None
    """None if the engine has no options."""

    @property
    def engines(self) -> tuple[EngineInfo, ...]:
        """All engines, the default one first."""
        return tuple(ENGINES.values())

    @property
    def can_choose_service(self) -> bool:
        """True if the user chooses the service: always with a credential."""
        if self.engine.needs_credential:
            return self.credential is not None
        return sum(len(group.services) for group in self.groups) > 1

    @property
    def takes_files(self) -> bool:
        return self.credential is None or self.service.image_field is not None

    @property
    def needs_options(self) -> bool:
        """True if the service has required options."""
        return self.option_form is not None and any(
            field.required for field in self.option_form.fields.values()
        )


def choices_for(
    user: User, wanted: Mapping[str, str], entered: Mapping[str, Any] | None = None
) -> Choices:
    """The choices of this user, with the selection ``wanted`` by :data:`CHOICES`.

    An unavailable selection is replaced by the first available one. ``entered`` contains values
    sent before; the options show them with their errors.
    """
    engine = ENGINES.get(wanted.get("engine", ""), ENGINES[DEFAULT_ENGINE])
    credentials = tuple(credentials_of(user))
    credential = None
    if engine.needs_credential:
        same = (row for row in credentials if str(row.pk) == wanted.get("credential"))
        credential = next(same, credentials[0] if credentials else None)
    offered = _offered(engine, credential)
    has_options = engine.options and (credential or not engine.needs_credential)
    service = offered.get(wanted.get("service", ""), next(iter(offered.values())))
    return Choices(
        engine=engine,
        credentials=credentials,
        credential=credential,
        groups=tuple(_groups(offered)),
        not_here=tuple(_not_here(credential.region)) if credential else (),
        service=service,
        option_form=OptionsForm(engine.key, service, entered) if has_options else None,
    )


def _offered(engine: EngineInfo, credential: Credential | None) -> dict[str, Service]:
    performed = services_of(engine.key)
    if credential is None:
        return performed
    return {key: entry for key, entry in services_in(credential.region).items() if key in performed}


def _groups(offered: dict[str, Service]) -> Iterator[ServiceGroup]:
    order = list(categories())
    in_order = sorted(offered.values(), key=lambda service: order.index(service.category))
    for key, members in groupby(in_order, key=lambda service: service.category):
        yield ServiceGroup(categories()[key].name, tuple(members))


def _not_here(region: str) -> Iterator[NotHere]:
    for key, regions in services_elsewhere(region).items():
        service = services()[key]
        yield NotHere(service, ", ".join(found.name for found in regions) or service.note)
