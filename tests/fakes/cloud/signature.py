"""Verifies signatures (SDK-HMAC-SHA256), implemented from the API signing guide only."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from tests.fakes.cloud.clock import Clock
from tests.fakes.cloud.iam import User
from tests.fakes.cloud.ledger import Ledger, SignIn
from tests.fakes.cloud.refused import Refused
from tests.fakes.cloud.request import Request

MAX_SKEW_SECONDS = 15 * 60
FAILURES_BEFORE_LOCK = 5
"""One more failure locks the keys; a valid signature resets the count."""
LOCK_SECONDS = 5 * 60.0
_AUTHORIZATION = re.compile(
    r"SDK-HMAC-SHA256 Access=([^,\s]+), SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})"
)


class SignatureCheck:
    """Identifies the user who signed a request."""

    def __init__(self, clock: Clock, ledger: Ledger, today: Callable[[], dt.datetime]) -> None:
        """``today`` returns the time of the gateway, in UTC."""
        self._clock, self._ledger, self._today = clock, ledger, today
        self._failures: dict[str, int] = {}
        self._locked_until: dict[str, float] = {}

    def signer(self, request: Request, users: list[User]) -> User:
        """The user who signed; raises Refused."""
        found = _AUTHORIZATION.fullmatch(request.header("Authorization"))
        if found is None:
            raise _refused("verify aksk signature fail", why="malformed Authorization")
        access_key, names, signature = found.groups()
        try:
            user = self._verified(request, users, access_key, names.split(";"), signature)
        except Refused as refusal:
            self._ledger.signatures.append(SignIn(access_key, refusal.message))
            self._count_failure(access_key)
            raise
        self._failures.pop(access_key, None)
        self._ledger.signatures.append(SignIn(access_key, ""))
        return user

    def _verified(
        self, request: Request, users: list[User], access_key: str, names: list[str], signature: str
    ) -> User:
        if self._locked_until.get(access_key, 0) > self._clock.now():
            raise _refused("verify aksk signature fail", why="the pair of keys is locked")
        user = next((user for user in users if user.access_key == access_key), None)
        if user is None:
            raise _refused("verify aksk signature fail", why="unknown access key")
        self._check_date(request.header("X-Sdk-Date"))
        if names != sorted(names) or "x-sdk-date" not in names:
            raise _refused("verify aksk signature fail", why="signed headers")
        if request.header("X-Security-Token") != user.security_token:
            raise _refused("verify aksk signature fail", why="security token")
        if not hmac.compare_digest(signature, _sign(request, names, user.secret_key)):
            raise _refused("verify aksk signature fail", why="another signature is right")
        return user

    def _check_date(self, text: str) -> None:
        try:
            signed = dt.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
        except ValueError as error:
            raise _refused("verify aksk signature fail", why="no X-Sdk-Date") from error
        if abs((self._today() - signed).total_seconds()) > MAX_SKEW_SECONDS:
            raise _refused("calc ak sk signature fail:signature expired")

    def _count_failure(self, access_key: str) -> None:
        self._failures[access_key] = self._failures.get(access_key, 0) + 1
        if self._failures[access_key] > FAILURES_BEFORE_LOCK:
            self._locked_until[access_key] = self._clock.now() + LOCK_SECONDS


def _sign(request: Request, names: list[str], secret_key: str) -> str:
    canonical_headers = "".join(f"{name}:{request.header(name).strip()}\n" for name in names)
    content_hash = request.header("X-Sdk-Content-Sha256") or _sha256(request.body)
    canonical = (
        f"{request.method}\n{_uri(request.path)}\n{_query(request.query)}\n"
        f"{canonical_headers}\n{';'.join(names)}\n{content_hash}"
    )
    text = f"SDK-HMAC-SHA256\n{request.header('X-Sdk-Date')}\n{_sha256(canonical.encode())}"
    return hmac.new(secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()


def _uri(path: str) -> str:
    encoded = "/".join(quote(segment, safe="-_.~") for segment in unquote(path).split("/"))
    return encoded if encoded.endswith("/") else encoded + "/"


def _query(query: str) -> str:
    pairs = [part.split("=", 1) for part in query.split("&") if part]
    decoded = sorted((unquote(pair[0]), unquote(pair[1]) if pair[1:] else "") for pair in pairs)
    return "&".join(
        f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in decoded
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _refused(message: str, why: str = "") -> Refused:
    return Refused("APIG.0301", f"Incorrect IAM authentication information: {message}", why=why)
