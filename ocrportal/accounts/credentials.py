"""Access to credentials, and the only module that decrypts their secrets.

A credential belongs to one user; administrators may share it with users and groups, who can
use it and see its name, kind and region, nothing else. For all other users it does not
exist (404).
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from ocrportal.accounts.addresses import check_proxy, masked
from ocrportal.accounts.encryption import SecretUnreadable, decrypt, encrypt, rotate
from ocrportal.accounts.models import Credential, User
from ocrportal.accounts.suspensions import suspend, suspension_of
from ocrportal.catalogue.spec import region_host
from ocrportal.engines.cloud import CloudAccess, Token, TokenStore
from ocrportal.errors import restore
from ocrportal.errors.engine import (
    CallsSuspended,
    CloudUnreachable,
    CredentialRefused,
    CredentialRemoved,
    EngineError,
    TransientError,
)
from ocrportal.errors.ingest import StoreKeyRefused, StoreUnreachable
from ocrportal.ingest.fetch.store import Store, host_of

ENCRYPTED = ("secret", "security_token", "proxy", "token")
"""The fields of a credential that hold encrypted text."""
MARGIN = dt.timedelta(minutes=10)
"""How long before its expiry a token is renewed, so that it outlives the call."""
POLL_SECONDS = 0.2
"""How often a process checks whether another one has signed in."""
UNREADABLE = "portal:secret-unreadable"


def credentials_of(user: User) -> QuerySet[Credential]:
    """All credentials this user may use, with their owners and suspensions."""
    usable = Q(owner=user) | Q(shared_users=user) | Q(shared_groups__user=user)
    rows = Credential.objects.filter(usable).distinct()
    return rows.select_related("owner").prefetch_related("suspensions")


def credential_for(user: User, credential_id: int) -> Credential:
    """The credential with this id, if the user may use it; raises Http404."""
    return _only(credentials_of(user).filter(pk=credential_id))


def own_credential_for(user: User, credential_id: int) -> Credential:
    """The user's own credential with this id, to view and change; raises Http404."""
    return _only(credentials_of(user).filter(pk=credential_id, owner=user))


def credential_named(user: User, name: str) -> Credential | None:
    """The credential of this name that the user may use; their own takes precedence."""
    found = list(credentials_of(user).filter(name=name))
    return min(found, key=lambda credential: credential.owner_id != user.pk, default=None)


def credential_chosen(user: User, wanted: str) -> Credential | None:
    """The credential with this id, else of this name, that the user may use."""
    found = credentials_of(user).filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    return found or credential_named(user, wanted)


def storage_credentials_of(user: User) -> QuerySet[Credential]:
    """Those this user may use for object storage, which accepts access keys only."""
    return credentials_of(user).filter(kind=Credential.Kind.AKSK)


def may_use(user: User, credential: Credential) -> bool:
    """True for the owner and the users it is shared with."""
    return credential.owner_id == user.pk or credentials_of(user).filter(pk=credential.pk).exists()


def access_of(credential: Credential) -> CloudAccess:
    """The credential in clear, for calls.

    Raises CredentialRefused if its secrets do not decrypt, and CloudUnreachable if its
    proxy may not be used.
    """
    try:
        secret, security_token, proxy = _secrets(credential)
    except SecretUnreadable as error:
        raise CredentialRefused(cloud_code=UNREADABLE) from error
    return CloudAccess(
        kind="token" if credential.kind == Credential.Kind.TOKEN else "aksk",
        region=credential.region,
        secret=secret,
        iam_user=credential.iam_user,
        domain=credential.domain,
        access_key=credential.access_key,
        security_token=security_token,
        project_id=credential.project_id,
        enterprise_project_id=credential.enterprise_project_id,
        ocr_endpoint=credential.ocr_endpoint,
        iam_endpoint=credential.iam_endpoint,
        verify_tls=credential.verify_tls,
        ca_bundle=credential.ca_bundle,
        proxy=proxy,
        connect_seconds=float(credential.connect_seconds),
        read_seconds=float(credential.read_seconds),
    )


def store_of(credential: Credential) -> Store:
    """The object storage of the credential's region, or at its own endpoint, with its key.

    Raises StoreKeyRefused if its secrets do not decrypt, and StoreUnreachable if its proxy
    may not be used.
    """
    endpoint = credential.obs_endpoint or f"https://{region_host(credential.region, 'obs')}"
    try:
        secret, security_token, proxy = _secrets(credential)
    except SecretUnreadable as error:
        raise StoreKeyRefused(host=host_of(endpoint), answer=UNREADABLE) from error
    except CloudUnreachable as error:
        raise StoreUnreachable(**error.params) from error
    return Store(
        endpoint=endpoint,
        region=credential.region,
        access_key=credential.access_key,
        secret_key=secret,
        security_token=security_token,
        proxy=proxy,
        verify_tls=credential.verify_tls,
        ca_bundle=credential.ca_bundle,
        internal_hosts=tuple(settings.INTERNAL_HOSTS),
    )


def shown_proxy(credential: Credential) -> str:
    """The proxy's address with its password masked; empty if unset or not decryptable."""
    try:
        return masked(decrypt(credential.proxy))
    except SecretUnreadable:
        return ""


def mark_verified(credential: Credential) -> None:
    """Record that a call made with this version of the credential succeeded."""
    unverified = Credential.objects.filter(
        pk=credential.pk, version=credential.version, verified_at=None
    )
    unverified.update(verified_at=timezone.now())


def token_store(credential: Credential, *, ignore_suspension: bool = False) -> TokenStore:
    """The store of the credential's token.

    While calls are suspended it refuses to sign in; with ``ignore_suspension`` it does not,
    for the check whether the credential works again.
    """
    return _RowTokenStore(credential, ignore_suspension)


def unreadable_credentials() -> list[Credential]:
    """The credentials with a secret that none of the keys decrypts."""
    return [row for row in Credential.objects.select_related("owner") if not _decrypts(row)]


def rotate_secrets() -> int:
    """Encrypt all secrets with the first key; returns the number of rewritten credentials.

    Skips those that do not decrypt, see :func:`unreadable_credentials`.
    """
    rewritten = 0
    for credential_id in Credential.objects.values_list("pk", flat=True):
        with transaction.atomic():
            row = Credential.objects.select_for_update().filter(pk=credential_id).first()
            if row is None or not _decrypts(row):
                continue
            for name in ENCRYPTED:
                setattr(row, name, rotate(getattr(row, name)))
            row.save(update_fields=ENCRYPTED)
            rewritten += 1
    return rewritten


def _secrets(credential: Credential) -> tuple[str, str, str]:
    """Password or secret key, security token and proxy in clear; the proxy is checked.

    Raises SecretUnreadable and CloudUnreachable.
    """
    encrypted = (credential.secret, credential.security_token, credential.proxy)
    secret, security_token, proxy = map(decrypt, encrypted)
    if proxy:
        check_proxy(proxy)
    return secret, security_token, proxy


class _RowTokenStore:
    """A token in the credential's row, where all processes find it.

    A conditional UPDATE elects the process that signs in. No transaction is open while it
    does; the other processes poll the row until it has finished.
    """

    def __init__(self, credential: Credential, ignore_suspension: bool) -> None:
        self._credential = credential
        self._ignore_suspension = ignore_suspension

    def current(self) -> Token | None:
        return _good_token(self._row())

    def renew(self, sign_in: Callable[[], Token], stale: Token | None) -> Token:
        since = timezone.now()
        while True:
            if token := self._found(stale, since):
                return token
            if until := self._elect():
                return self._sign_in(sign_in, stale, since, until)
            time.sleep(POLL_SECONDS)

    def _found(self, stale: Token | None, since: dt.datetime) -> Token | None:
        """A token other than ``stale`` if the row has one.

        Raises the error that suspends the credential, or that of a sign-in after ``since``.
        """
        row = self._row()
        token = _good_token(row)
        if token and not (stale and token.value == stale.value):
            return token
        failure = row.sign_in_failure
        if failure and dt.datetime.fromisoformat(failure["at"]) >= since:
            raise restore(failure["code"], failure["params"])
        suspension = None if self._ignore_suspension else suspension_of(row.pk, service="")
        if suspension is not None:
            raise restore(suspension.error_code, suspension.error_params)
        return None

    def _row(self) -> Credential:
        row = Credential.objects.filter(pk=self._credential.pk).first()
        if row is None:
            raise CredentialRemoved
        if row.version != self._credential.version:
            # Changed since this call began; signing in with the former password could lock
            # the account. The page is sent again with the changed credential.
            raise TransientError
        return row

    def _elect(self) -> dt.datetime | None:
        """Claim the sign-in; returns when the claim ends, or None if another process has it."""
        now = timezone.now()
        free = Q(signing_in_until=None) | Q(signing_in_until__lte=now)
        until = now + _max_sign_in(self._credential)
        rows = Credential.objects.filter(
            free, pk=self._credential.pk, version=self._credential.version
        )
        return until if rows.update(signing_in_until=until) else None

    def _sign_in(
        self,
        sign_in: Callable[[], Token],
        stale: Token | None,
        since: dt.datetime,
        until: dt.datetime,
    ) -> Token:
        outcome: dict[str, Any] = {}
        try:
            # Another process may have finished between our last read and our claim.
            return self._found(stale, since) or self._try(sign_in, outcome)
        finally:
            ours = Credential.objects.filter(pk=self._credential.pk, signing_in_until=until)
            ours.update(signing_in_until=None, **outcome)

    def _try(self, sign_in: Callable[[], Token], outcome: dict[str, Any]) -> Token:
        """Sign in, and set in ``outcome`` the fields to store in the row."""
        try:
            token = sign_in()
        except EngineError as error:
            outcome["sign_in_failure"] = {
                "at": timezone.now().isoformat(),
                "code": error.code,
                "params": error.params,
            }
            if isinstance(error, CallsSuspended):
                suspend(self._credential, error, service="")
            raise
        outcome["token"] = encrypt(json.dumps([token.value, token.project_id]))
        outcome["token_expires_at"] = token.expires_at
        return token


def _good_token(row: Credential) -> Token | None:
    if row.token_expires_at is None or row.token_expires_at - MARGIN <= timezone.now():
        return None
    try:
        value, project_id = json.loads(decrypt(row.token))
    except SecretUnreadable:  # the keys were changed; the next sign-in replaces the token
        return None
    return Token(value=value, expires_at=row.token_expires_at, project_id=project_id)


def _max_sign_in(row: Credential) -> dt.timedelta:
    """More than a sign-in can take: after that, its process is assumed dead."""
    # The response may begin at the last moment, and then take as long again.
    return dt.timedelta(seconds=row.connect_seconds + 2 * row.read_seconds + 60)


def _decrypts(row: Credential) -> bool:
    try:
        for name in ENCRYPTED:
            decrypt(getattr(row, name))
    except SecretUnreadable:
        return False
    return True


def _only(rows: QuerySet[Credential]) -> Credential:
    row = rows.first()
    if row is None:
        raise Http404(_("This does not exist, or it belongs to another user."))
    return row
