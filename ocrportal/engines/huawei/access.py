"""What the cloud engine is given: keys, and the places where it keeps and tells things.

Plain data and protocols. The engine knows no database: whoever makes it says where tokens
are kept between processes and where calls are written down.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from ocrportal.catalogue.spec import regions

Kind = Literal["token", "aksk"]


@dataclass(frozen=True, slots=True)
class CloudAccess:
    """One credential in clear, for as long as a call takes. Never stored, never logged."""

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
    """Empty: as the token says, or looked up by the region's name."""
    enterprise_project_id: str = ""
    ocr_endpoint: str = ""
    """Scheme, host and port; empty: the region's own, as with ``iam_endpoint``."""
    iam_endpoint: str = ""
    verify_tls: bool = True
    ca_bundle: str = ""
    """Certificates in PEM form that are trusted besides the usual ones."""
    proxy: str = field(default="", repr=False)
    """Address of a proxy, which may hold a password; empty: none."""
    connect_seconds: float = 10.0
    read_seconds: float = 60.0

    @property
    def ocr_url(self) -> str:
        """Scheme and host of the OCR service, without a slash at the end."""
        return (self.ocr_endpoint or f"https://{self._host('ocr')}").rstrip("/")

    @property
    def iam_url(self) -> str:
        """Scheme and host of IAM, without a slash at the end."""
        return (self.iam_endpoint or f"https://{self._host('iam')}").rstrip("/")

    def _host(self, part: Literal["ocr", "iam"]) -> str:
        known = regions().get(self.region)
        if known is None:
            return f"{part}.{self.region}.myhuaweicloud.com"
        return known.ocr_host if part == "ocr" else known.iam_host


@dataclass(frozen=True, slots=True)
class Token:
    """An IAM token and what its reply told."""

    value: str = field(repr=False)
    expires_at: dt.datetime
    """In UTC, aware."""
    project_id: str
    """Of the project it is scoped to; empty for a token without a project."""


class TokenStore(Protocol):
    """Where one credential's token is kept between calls and processes."""

    def current(self) -> Token | None:
        """The token kept, if it is still good for a while."""
        ...

    def renew(self, sign_in: Callable[[], Token], stale: Token | None) -> Token:
        """A token other than ``stale``.

        However many processes ask at once, one of them calls ``sign_in`` and the others
        get its token. Raises what ``sign_in`` raises; the others then raise the same
        error without trying themselves.
        """
        ...


@dataclass(frozen=True, slots=True)
class CallReport:
    """One HTTP call to an OCR service, as the ledger wants it."""

    service: str
    region: str
    status: int | None
    """HTTP status; None if no answer came."""
    code: str
    """The cloud's error code, or our own error's; empty for a success."""
    seconds: float
    bytes_sent: int
    units: int
    """How many units the cloud bills for it: 0 for a failure."""


Report = Callable[[CallReport], None]
