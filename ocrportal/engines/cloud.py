"""What any cloud engine needs: credentials in clear, a store for tokens, reports, diagnoses.

Plain data and protocols. Engines do not access the database: the caller passes where tokens
are stored between processes and where calls are recorded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from ocrportal.catalogue.spec import regions, services
from ocrportal.errors import describe
from ocrportal.errors.engine import EngineError

Kind = Literal["token", "aksk"]


@dataclass(frozen=True, slots=True)
class CloudAccess:
    """One credential in clear, for the duration of a call. Never stored, never logged."""

    kind: Kind
    region: str
    """Region id; also the name of the project there."""
    secret: str = field(repr=False)
    """The password (``token``) or the secret key (``aksk``)."""
    iam_user: str = ""
    domain: str = ""
    """The account's name (``token``)."""
    access_key: str = ""
    security_token: str = field(default="", repr=False)
    """With temporary keys only."""
    project_id: str = ""
    """Empty: taken from the token, or looked up by the region's name."""
    enterprise_project_id: str = ""
    ocr_endpoint: str = ""
    """Scheme, host and port; empty: the default of the region, like ``iam_endpoint``."""
    iam_endpoint: str = ""
    verify_tls: bool = True
    ca_bundle: str = ""
    """Certificates in PEM form that are trusted in addition to the public authorities."""
    proxy: str = field(default="", repr=False)
    """Address of a proxy, which may hold a password; empty: no proxy."""
    connect_seconds: float = 10.0
    read_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Token:
    """An access token with the data that came with it."""

    value: str = field(repr=False)
    expires_at: dt.datetime
    """In UTC, aware."""
    project_id: str
    """Of the project it is scoped to; empty for a token without a project."""


class TokenStore(Protocol):
    """Stores one credential's token between calls and processes."""

    def current(self) -> Token | None:
        """The stored token; None if it expires soon or does not exist."""
        ...

    def renew(self, sign_in: Callable[[], Token], stale: Token | None) -> Token:
        """Return a token other than ``stale``.

        If several processes call this at the same time, one of them calls ``sign_in`` and
        all of them return its token. Raises what ``sign_in`` raises; the waiting callers
        raise the same error without signing in.
        """
        ...


@dataclass(frozen=True, slots=True)
class CallReport:
    """One HTTP call to a cloud service, for the ledger."""

    service: str
    region: str
    status: int | None
    """HTTP status; None if no response arrived."""
    code: str
    """The cloud's error code, or our own error's; empty for a success."""
    seconds: float
    bytes_sent: int
    units: int
    """How many units the cloud bills for it: 0 for a failure."""


Report = Callable[[CallReport], None]


@dataclass(frozen=True, slots=True)
class Cloud:
    """What a cloud engine is created with."""

    access: CloudAccess
    tokens: TokenStore
    report: Report
    """Called with each HTTP call to a service, failed ones included."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of a diagnosis, as a code and facts; its sentence is made when it is read."""

    code: str
    """The code of the finding, or of the portal error that it describes."""
    step: str
    """Key of the step at which it was found."""
    params: Mapping[str, Any] = field(default_factory=dict)
    """JSON values. ``service`` and ``region`` are ids, shown as names."""
    text: Any = field(default=None, compare=False)
    """The sentence with placeholders for ``params``, lazily translated; None: the message of
    the portal error ``code``."""

    @property
    def sentence(self) -> str:
        """What is wrong, who can fix it and how, in the active language."""
        if self.text is None:
            return describe(self.code, dict(self.params))
        facts = dict(self.params)
        if "service" in facts:
            facts["service"] = services()[facts["service"]].name
        if facts.get("region") in regions():
            facts["region"] = regions()[facts["region"]].name
        return str(self.text) % facts


State = Literal["passed", "warned", "failed", "untried"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a diagnosis and its outcome."""

    key: str
    label: str
    """What it shows if it passes, in the active language."""
    state: State


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The outcome of testing a credential."""

    service: str
    """Key of the service that was called."""
    labels: Mapping[str, Any] = field(repr=False)
    """The steps in order, by key: what each shows if it passes, lazily translated."""
    problem: Problem | None = None
    """Why the credential is not usable; None if it is."""
    warning: Problem | None = None
    """What does not prevent calls yet."""
    error: EngineError | None = field(default=None, compare=False)
    """The error behind ``problem``: one that suspends calls, or a transient one. None for a
    problem that was found without a call."""

    @property
    def usable(self) -> bool:
        return self.problem is None

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order."""
        return tuple(self._steps())

    def _steps(self) -> Iterator[Step]:
        failed = False
        for key, label in self.labels.items():
            state: State = "passed"
            if failed:
                state = "untried"
            elif self.problem is not None and self.problem.step == key:
                state, failed = "failed", True
            elif self.warning is not None and self.warning.step == key:
                state = "warned"
            yield Step(key, str(label), state)


class Diagnose(Protocol):
    """Tests a credential by walking the whole way to a service."""

    def __call__(
        self, read_access: Callable[[], CloudAccess], tokens: TokenStore, service: str = ""
    ) -> Diagnosis:
        """Call ``service``, or the engine's default service for the region.

        ``read_access`` returns the credential in clear; what it raises is part of the
        diagnosis. Raises KeyError for a service that is not in the catalogue.
        """
        ...
