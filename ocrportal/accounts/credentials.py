"""Who may use which credential, and the only place where its secrets are decrypted.

A credential belongs to one user and may be shared by administrators with users and groups:
they can use it, and see its name, kind and region, nothing else. What is not yours and not
shared with you does not exist (404).
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
from ocrportal.catalogue.spec import region_host
from ocrportal.engines.cloud import CloudAccess, Token, TokenStore
from ocrportal.errors import (
    CallsHeld,
    CloudTrouble,
    CloudUnreachable,
    CredentialGone,
    CredentialRefused,
    EngineError,
    StoreKeyRefused,
    StoreUnreachable,
    restore,
)
from ocrportal.ingest.fetch.object_store import Store
from ocrportal.ingest.fetch.store_errors import host_of
from ocrportal.usage.suspensions import hold, hold_on

ENCRYPTED = ("secret", "security_token", "proxy", "token")
"""The fields of a credential that hold encrypted text."""
MARGIN = dt.timedelta(minutes=10)
"""A token is renewed so long before it expires: a call must not outlive its token."""
LOOK_AGAIN_SECONDS = 0.2


def credentials_of(user: User) -> QuerySet[Credential]:
    """All credentials this user may use, with their owners and holds."""
    usable = Q(owner=user) | Q(shared_users=user) | Q(shared_groups__user=user)
    rows = Credential.objects.filter(usable).distinct()
    return rows.select_related("owner").prefetch_related("holds")


def credential_for(user: User, credential_id: int) -> Credential:
    """The credential with this id, if the user may use it; raises Http404."""
    return _only(credentials_of(user).filter(pk=credential_id))


def own_credential_for(user: User, credential_id: int) -> Credential:
    """The user's own credential with this id, to be seen and changed; raises Http404."""
    return _only(credentials_of(user).filter(pk=credential_id, owner=user))


def credential_named(user: User, name: str) -> Credential | None:
    """The credential of this name that the user may use; their own before a shared one."""
    found = list(credentials_of(user).filter(name=name))
    return min(found, key=lambda credential: credential.owner_id != user.pk, default=None)


def credential_chosen(user: User, wanted: str) -> Credential | None:
    """The credential with this id, else of this name, that the user may use."""
    found = credentials_of(user).filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    return found or credential_named(user, wanted)


def storage_credentials_of(user: User) -> QuerySet[Credential]:
    """Those this user may use for object storage: it takes access keys alone."""
    return credentials_of(user).filter(kind=Credential.Kind.AKSK)


def may_use(user: User, credential: Credential) -> bool:
    """True for the owner and whoever it is shared with."""
    return credential.owner_id == user.pk or credentials_of(user).filter(pk=credential.pk).exists()


def access_of(credential: Credential) -> CloudAccess:
    """The credential in clear, to call with.

    Raises CredentialRefused if its secrets do not decrypt, and CloudUnreachable if its
    proxy may not be used.
    """
    try:
        secret, security_token, proxy = _secrets(credential)
    except SecretUnreadable as error:
        raise CredentialRefused(cloud_code="portal:secret-unreadable") from error
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
    """The object storage of the credential's region, or of its own address, with its key.

    Raises StoreKeyRefused if its secrets do not decrypt, and StoreUnreachable if its proxy
    may not be used.
    """
    endpoint = credential.obs_endpoint or f"https://{region_host(credential.region, 'obs')}"
    try:
        secret, security_token, proxy = _secrets(credential)
    except SecretUnreadable as error:
        answer = "portal:secret-unreadable"
        raise StoreKeyRefused(host=host_of(endpoint), answer=answer) from error
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
    """The proxy's address with its password blotted out; empty if there is none to show."""
    try:
        return masked(decrypt(credential.proxy))
    except SecretUnreadable:
        return ""


def mark_proven(credential: Credential) -> None:
    """Note that a call made with this version of the credential succeeded."""
    unproven = Credential.objects.filter(
        pk=credential.pk, version=credential.version, proven_at=None
    )
    unproven.update(proven_at=timezone.now())


def token_store(credential: Credential, *, despite_hold: bool = False) -> TokenStore:
    """Where the credential's token is kept.

    While the credential is held nobody signs in with it; ``despite_hold`` is for the check
    that shall find out whether it has been mended.
    """
    return _RowTokenStore(credential, despite_hold)


def unreadable_credentials() -> list[Credential]:
    """Those with a secret that none of the keys decrypts."""
    return [row for row in Credential.objects.select_related("owner") if not _decrypts(row)]


def rotate_secrets() -> int:
    """Encrypt everything with the first key; how many credentials were rewritten.

    What does not decrypt is left as it is, see :func:`unreadable_credentials`.
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
    """Password or secret key, security token and proxy in clear, of a proxy that may be used.

    Raises SecretUnreadable and CloudUnreachable.
    """
    encrypted = (credential.secret, credential.security_token, credential.proxy)
    secret, security_token, proxy = map(decrypt, encrypted)
    if proxy:
        check_proxy(proxy)
    return secret, security_token, proxy


class _RowTokenStore:
    """A token kept in the credential's row, where all processes find it.

    The one that is to sign in is found by a conditional UPDATE. No transaction is open
    while it does; the others look at the row until it is done.
    """

    def __init__(self, credential: Credential, despite_hold: bool) -> None:
        self._credential = credential
        self._despite_hold = despite_hold

    def current(self) -> Token | None:
        return _good_token(self._row())

    def renew(self, sign_in: Callable[[], Token], stale: Token | None) -> Token:
        asked_at = timezone.now()
        while True:
            if token := self._found(stale, asked_at):
                return token
            if until := self._claim():
                return self._sign_in(sign_in, stale, asked_at, until)
            time.sleep(LOOK_AGAIN_SECONDS)

    def _found(self, stale: Token | None, asked_at: dt.datetime) -> Token | None:
        """A token other than ``stale``, if there is one by now.

        Raises what holds the credential, or what became of a sign-in since ``asked_at``.
        """
        row = self._row()
        token = _good_token(row)
        if token and not (stale and token.value == stale.value):
            return token
        failure = row.sign_in_failure
        if failure and dt.datetime.fromisoformat(failure["at"]) >= asked_at:
            raise restore(failure["code"], failure["params"])
        held = None if self._despite_hold else hold_on(row.pk, service="")
        if held is not None:
            raise restore(held.error_code, held.error_params)
        return None

    def _row(self) -> Credential:
        row = Credential.objects.filter(pk=self._credential.pk).first()
        if row is None:
            raise CredentialGone
        if row.version != self._credential.version:
            # Changed since this call began, and a sign-in with the former password may be
            # one too many. The page is sent again, with what the credential is now.
            raise CloudTrouble
        return row

    def _claim(self) -> dt.datetime | None:
        """Become the one that signs in: until when, or None if somebody else is."""
        now = timezone.now()
        free = Q(signing_in_until=None) | Q(signing_in_until__lte=now)
        until = now + _longest_sign_in(self._credential)
        rows = Credential.objects.filter(
            free, pk=self._credential.pk, version=self._credential.version
        )
        return until if rows.update(signing_in_until=until) else None

    def _sign_in(
        self,
        sign_in: Callable[[], Token],
        stale: Token | None,
        asked_at: dt.datetime,
        until: dt.datetime,
    ) -> Token:
        outcome: dict[str, Any] = {}
        try:
            # Somebody may have come to an end between our last look and our claim.
            return self._found(stale, asked_at) or self._try(sign_in, outcome)
        finally:
            mine = Credential.objects.filter(pk=self._credential.pk, signing_in_until=until)
            mine.update(signing_in_until=None, **outcome)

    def _try(self, sign_in: Callable[[], Token], outcome: dict[str, Any]) -> Token:
        """Sign in, and put into ``outcome`` what the row is to keep of it."""
        try:
            token = sign_in()
        except EngineError as error:
            outcome["sign_in_failure"] = {
                "at": timezone.now().isoformat(),
                "code": error.code,
                "params": error.params,
            }
            if isinstance(error, CallsHeld):
                hold(self._credential, error, service="")
            raise
        outcome["token"] = encrypt(json.dumps([token.value, token.project_id]))
        outcome["token_expires_at"] = token.expires_at
        return token


def _good_token(row: Credential) -> Token | None:
    if row.token_expires_at is None or row.token_expires_at - MARGIN <= timezone.now():
        return None
    try:
        value, project_id = json.loads(decrypt(row.token))
    except SecretUnreadable:  # the keys were changed; a new token is one sign-in away
        return None
    return Token(value=value, expires_at=row.token_expires_at, project_id=project_id)


def _longest_sign_in(row: Credential) -> dt.timedelta:
    """More than a sign-in can take; a process that died over one is waited for no longer."""
    # The answer may begin at the last moment, and then take as long again.
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
