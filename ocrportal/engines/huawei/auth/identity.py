"""Whose calls they are: what a call shows at the gateway, and the project it is made for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from requests.auth import AuthBase

from ocrportal.engines.cloud import CloudAccess, Token, TokenStore
from ocrportal.engines.huawei.auth.authorization import AkSkAuth, TokenAuth
from ocrportal.engines.huawei.auth.iam import project_id_of, sign_in
from ocrportal.engines.huawei.endpoints import iam_url
from ocrportal.errors import CredentialRefused

STRAY_CHARACTERS = "portal:key-characters"
NO_PROJECT = "ModelArts.0212"


@dataclass(frozen=True, slots=True)
class AuthContext:
    """With what calls are made for a while."""

    auth: AuthBase
    project_id: str
    token: Token | None = None
    """Where ``auth`` shows one."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What must not be told should the cloud repeat it."""


class Identity(Protocol):
    """One credential's way to a pass."""

    def current(self) -> AuthContext:
        """The pass to call with; signs in, or asks for the project, where that is needed.

        Raises CredentialRefused, or the trouble met on the way to IAM.
        """
        ...

    def renewed(self, refused: AuthContext) -> AuthContext | None:
        """Another pass than the one refused; None where there is nothing to renew."""
        ...

    def reauthenticate(self) -> AuthContext:
        """A pass made with the password as it is now, however good the token kept still is."""
        ...


def identity_of(access: CloudAccess, tokens: TokenStore) -> Identity:
    """The identity for a credential's kind; ``tokens`` matters to that with a password only.

    Raises CredentialRefused if a key holds what no key holds.
    """
    check_keys(access)
    if access.kind == "token":
        return TokenIdentity(access, tokens)
    return AkSkIdentity(access)


def check_keys(access: CloudAccess) -> None:
    """Raises CredentialRefused for a key with blanks or anything else that was not meant.

    Such a key costs a failed sign-in, or cannot be sent at all.
    """
    keys = [access.access_key, access.security_token, access.project_id]
    if access.kind == "aksk":
        keys.append(access.secret)
    clean = all(key.isascii() and key.isprintable() and " " not in key for key in keys)
    names = (access.iam_user, access.domain)
    if not clean or any(name != name.strip() or not name.isprintable() for name in names):
        raise CredentialRefused(cloud_code=STRAY_CHARACTERS)


class TokenIdentity:
    """A name and a password, which are shown to IAM alone; calls show a token."""

    def __init__(self, access: CloudAccess, tokens: TokenStore) -> None:
        self._access, self._tokens = access, tokens

    def current(self) -> AuthContext:
        token = self._tokens.current()
        return self._pass(token) if token else self._signed_in(None)

    def renewed(self, refused: AuthContext) -> AuthContext:
        return self._signed_in(refused.token)

    def reauthenticate(self) -> AuthContext:
        return self._signed_in(self._tokens.current())

    def _signed_in(self, stale: Token | None) -> AuthContext:
        return self._pass(self._tokens.renew(partial(sign_in, self._access), stale))

    def _pass(self, token: Token) -> AuthContext:
        project_id = self._access.project_id or token.project_id
        if not project_id:
            raise CredentialRefused(cloud_code=NO_PROJECT)
        return AuthContext(TokenAuth(token.value), project_id, token, secrets=(token.value,))


_PROJECTS: dict[tuple[str, str, str], str] = {}
"""Project ids by IAM's address, access key and region. They never change; a process that
is renewed asks again."""


class AkSkIdentity:
    """A pair of keys that signs each call."""

    def __init__(self, access: CloudAccess) -> None:
        self._access = access
        self._auth = AkSkAuth(access.access_key, access.secret, access.security_token)

    def current(self) -> AuthContext:
        access = self._access
        project_id = access.project_id or self._looked_up()
        secrets = (access.secret, access.access_key, access.security_token)
        return AuthContext(self._auth, project_id, secrets=secrets)

    def renewed(self, refused: AuthContext) -> None:
        return None

    def reauthenticate(self) -> AuthContext:
        return self.current()

    def _looked_up(self) -> str:
        access = self._access
        key = (iam_url(access), access.access_key, access.region)
        if key not in _PROJECTS:
            _PROJECTS[key] = project_id_of(access, self._auth)
        return _PROJECTS[key]
