"""The identity behind calls: how they are authorized, and the project they are made for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from requests.auth import AuthBase

from ocrportal.engines.cloud import CloudAccess, Token, TokenStore
from ocrportal.engines.huawei.auth.authorization import AkSkAuth, TokenAuth
from ocrportal.engines.huawei.auth.iam import project_id_of, sign_in
from ocrportal.engines.huawei.endpoints import iam_url
from ocrportal.errors.engine import CredentialRefused

STRAY_CHARACTERS = "portal:key-characters"
NO_PROJECT = "ModelArts.0212"


@dataclass(frozen=True, slots=True)
class AuthContext:
    """The authorization and project for a series of calls."""

    auth: AuthBase
    project_id: str
    token: Token | None = None
    """The token that ``auth`` sends, if any."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Values to mask in error messages if the cloud repeats them."""


class Identity(Protocol):
    """Provides the :class:`AuthContext` of one credential."""

    def current(self) -> AuthContext:
        """The context for calls; signs in, or looks up the project, if necessary.

        Raises CredentialRefused, and the network errors of the requests to IAM.
        """
        ...

    def renewed(self, refused: AuthContext) -> AuthContext | None:
        """A context other than the refused one; None if there is nothing to renew."""
        ...

    def reauthenticate(self) -> AuthContext:
        """A context made with the current password, even if the stored token is still valid."""
        ...


def identity_of(access: CloudAccess, tokens: TokenStore) -> Identity:
    """The identity for a credential's kind; ``tokens`` is used with passwords only.

    Raises CredentialRefused as :func:`check_keys` does.
    """
    check_keys(access)
    if access.kind == "token":
        return TokenIdentity(access, tokens)
    return AkSkIdentity(access)


def check_keys(access: CloudAccess) -> None:
    """Raise CredentialRefused for keys with whitespace or non-ASCII characters.

    They would cause a failed sign-in, or cannot be sent at all.
    """
    keys = [access.access_key, access.security_token, access.project_id]
    if access.kind == "aksk":
        keys.append(access.secret)
    clean = all(key.isascii() and key.isprintable() and " " not in key for key in keys)
    names = (access.iam_user, access.domain)
    if not clean or any(name != name.strip() or not name.isprintable() for name in names):
        raise CredentialRefused(cloud_code=STRAY_CHARACTERS)


class TokenIdentity:
    """A user name and password, which only IAM receives; calls send a token."""

    def __init__(self, access: CloudAccess, tokens: TokenStore) -> None:
        self._access, self._tokens = access, tokens

    def current(self) -> AuthContext:
        token = self._tokens.current()
        return self._context(token) if token else self._signed_in(None)

    def renewed(self, refused: AuthContext) -> AuthContext:
        return self._signed_in(refused.token)

    def reauthenticate(self) -> AuthContext:
        return self._signed_in(self._tokens.current())

    def _signed_in(self, stale: Token | None) -> AuthContext:
        return self._context(self._tokens.renew(partial(sign_in, self._access), stale))

    def _context(self, token: Token) -> AuthContext:
        project_id = self._access.project_id or token.project_id
        if not project_id:
            raise CredentialRefused(cloud_code=NO_PROJECT)
        return AuthContext(TokenAuth(token.value), project_id, token, secrets=(token.value,))


_PROJECTS: dict[tuple[str, str, str], str] = {}
"""Project ids by IAM URL, access key and region. They never change, so they are cached for
the lifetime of the process."""


class AkSkIdentity:
    """An access key and a secret key, which sign each call."""

    def __init__(self, access: CloudAccess) -> None:
        self._access = access
        self._auth = AkSkAuth(access.access_key, access.secret, access.security_token)

    def current(self) -> AuthContext:
        access = self._access
        project_id = access.project_id or self._look_up_project()
        secrets = (access.secret, access.access_key, access.security_token)
        return AuthContext(self._auth, project_id, secrets=secrets)

    def renewed(self, refused: AuthContext) -> None:
        return None

    def reauthenticate(self) -> AuthContext:
        return self.current()

    def _look_up_project(self) -> str:
        access = self._access
        key = (iam_url(access), access.access_key, access.region)
        if key not in _PROJECTS:
            _PROJECTS[key] = project_id_of(access, self._auth)
        return _PROJECTS[key]
