"""IAM: accounts and their users, sign-in, tokens, projects.

It follows the IAM API reference (China site, 2023) and the vendor's FAQ: five refused passwords
within 15 minutes lock a user for 15 minutes; a token ends when the password changes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from ocrportal.catalogue.spec import regions
from tests.fakes.cloud.clock import Clock
from tests.fakes.cloud.refused import Refused

WRONG_PASSWORD = "The username or password is wrong."
FAILURES_BEFORE_LOCK = 5
LOCK_SECONDS = 15 * 60.0
TOKEN_SECONDS = 24 * 3600.0


@dataclass
class Account:
    """A billed account, which owns users and projects."""

    name: str
    projects: dict[str, str] = field(default_factory=dict)
    """Project ids by region."""
    frozen: bool = False
    """True if the account has no balance."""
    not_subscribed: set[str] = field(default_factory=set)
    """Keys of the services that are not subscribed."""

    def __post_init__(self) -> None:
        for region in regions():
            self.projects[region] = hashlib.md5(f"{self.name}/{region}".encode()).hexdigest()

    def region_of(self, project_id: str) -> str | None:
        """The region of a project of this account; None if it has no such project."""
        return next((name for name, own in self.projects.items() if own == project_id), None)


@dataclass
class User:
    """An IAM user with one pair of keys."""

    name: str
    password: str
    account: Account
    access_key: str
    secret_key: str
    security_token: str = ""
    """The security token of temporary keys."""
    programmatic: bool = True
    """False for a user who may use the console only."""
    huawei_id: bool = False
    """True for an account upgraded to a HUAWEI ID, which gets no tokens."""


@dataclass
class Token:
    """An issued token."""

    value: str
    user: User
    region: str | None
    """The id of the project; None for a token of the whole account."""
    ends: float
    expires_at: str
    revoked: bool = False


class Iam:
    """The state of IAM; the server calls it with a lock held."""

    def __init__(self, clock: Clock) -> None:
        self.users: list[User] = []
        self.tokens: dict[str, Token] = {}
        self.token_seconds = TOKEN_SECONDS
        self._clock = clock
        self._failures: dict[str, list[float]] = {}
        self._locked_until: dict[str, float] = {}

    def expire_tokens(self) -> None:
        """Expire every issued token."""
        for token in self.tokens.values():
            token.ends = self._clock.now()

    def revoke_tokens(self, user: User | None = None) -> None:
        """Revoke every issued token, or those of one user."""
        for token in self.tokens.values():
            token.revoked = token.revoked or user in (None, token.user)

    def change_password(self, user: User, password: str) -> None:
        """Change the password, which revokes the tokens of the user."""
        user.password = password
        self.revoke_tokens(user)

    def sign_in(self, body: Any) -> tuple[str, dict[str, Any]]:
        """The token and the reply to ``POST /v3/auth/tokens``; raises Refused."""
        try:
            identity = body["auth"]["identity"]
            login = identity["password"]["user"]
            name, password, domain = login["name"], login["password"], login["domain"]["name"]
            scope = body["auth"].get("scope", {}).get("project")
            understood = identity["methods"] == ["password"]
        except (KeyError, TypeError, AttributeError) as error:
            raise Refused("IAM:bad-request", why=f"misses {error}") from error
        if not understood:
            raise Refused("IAM:bad-request", why="methods other than password")
        user = self._admitted(name, password, domain)
        region = None if scope is None else _region(user.account, scope)
        return self._new_token(user, region)

    def holder(self, value: str) -> Token:
        """The valid token of a request; raises Refused."""
        token = self.tokens.get(value)
        if token is None:
            raise _not_authenticated("decrypt token fail")
        if token.revoked:
            raise Refused("APIG.0307")
        if token.ends <= self._clock.now():
            raise _not_authenticated(f"token expires, expires_at:{token.expires_at}")
        return token

    def projects(self, user: User, name: str | None) -> dict[str, Any]:
        """The reply to ``GET /v3/projects``; those of one region if ``name`` is given."""
        account = user.account
        found = [
            {
                "id": project_id,
                "name": region,
                "domain_id": _id_of(account.name),
                "parent_id": _id_of(account.name),
                "enabled": True,
                "is_domain": False,
                "description": "",
                "links": {},
            }
            for region, project_id in account.projects.items()
            if name in (None, region)
        ]
        return {"projects": found, "links": {"next": None, "previous": None}}

    def _admitted(self, name: str, password: str, domain: str) -> User:
        now = self._clock.now()
        if self._locked_until.get(name, 0) > now:
            raise Refused("IAM:account-locked")
        user = next((user for user in self.users if user.name == name), None)
        if user is not None and user.account.name != domain:
            raise Refused("IAM:user-info")
        if user is None or user.password != password or user.huawei_id:
            recent = [at for at in self._failures.get(name, []) if at > now - LOCK_SECONDS]
            self._failures[name] = [*recent, now]
            if len(recent) + 1 >= FAILURES_BEFORE_LOCK:
                self._locked_until[name] = now + LOCK_SECONDS
            raise Refused("IAM:bad-credentials", WRONG_PASSWORD)
        if not user.programmatic:
            raise Refused("IAM:no-programmatic-access")
        self._failures.pop(name, None)
        return user

    def _new_token(self, user: User, region: str | None) -> tuple[str, dict[str, Any]]:
        issued = dt.datetime.now(dt.UTC)
        expires = _stamp(issued + dt.timedelta(seconds=self.token_seconds))
        value = "MII" + secrets.token_urlsafe(600)
        ends = self._clock.now() + self.token_seconds
        self.tokens[value] = Token(value, user, region, ends, expires)
        domain = {"id": _id_of(user.account.name), "name": user.account.name}
        reply: dict[str, Any] = {
            "methods": ["password"],
            "issued_at": _stamp(issued),
            "expires_at": expires,
            "user": {
                "id": _id_of(user.name),
                "name": user.name,
                "domain": domain,
                "password_expires_at": "",
            },
            "roles": [{"id": "0", "name": "te_admin"}],
            "catalog": [],
        }
        if region is None:
            reply["domain"] = domain
        else:
            project_id = user.account.projects[region]
            reply["project"] = {"id": project_id, "name": region, "domain": domain}
        return value, {"token": reply}


def _region(account: Account, project: dict[str, str]) -> str:
    region = account.region_of(project["id"]) if "id" in project else project.get("name")
    if region not in account.projects:
        raise Refused("IAM:bad-request", f"Could not find project: {project}.", 404)
    return region


def _not_authenticated(why: str) -> Refused:
    return Refused("APIG.0301", f"Incorrect IAM authentication information: {why}")


def _id_of(name: str) -> str:
    return hashlib.md5(name.encode()).hexdigest()


def _stamp(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
