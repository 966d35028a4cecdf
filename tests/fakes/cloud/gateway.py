"""The gate before the services: who calls, for which project, and whether it may pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ocrportal.catalogue.spec import Service, regions
from tests.fakes.cloud.iam import Account, Iam
from tests.fakes.cloud.refused import Refused
from tests.fakes.cloud.request import Request
from tests.fakes.cloud.signature import SignatureCheck


@dataclass(frozen=True)
class Caller:
    """Whom a token or a signature stands for."""

    name: str
    projects: dict[str, str]
    """Ids by region of those the caller may call for."""
    has_token: bool

    def region_of(self, project_id: str) -> str | None:
        return next((name for name, own in self.projects.items() if own == project_id), None)


TokenCheck = Callable[[str], Caller]
"""Whom a token stands for; raises Refused."""


class Gateway:
    """Recognises callers; the server calls it under a lock."""

    def __init__(
        self, iam: Iam, signatures: SignatureCheck, token_check: TokenCheck | None = None
    ) -> None:
        """``token_check`` asks somebody else than ``iam`` about tokens."""
        self._iam, self._signatures = iam, signatures
        self._token_check = token_check or self._holder

    def caller(self, request: Request) -> Caller:
        """Who sent a request; raises Refused."""
        if request.header("Authorization"):
            user = self._signatures.signer(request, self._iam.users)
            return Caller(user.name, user.account.projects, has_token=False)
        token = request.header("X-Auth-Token")
        if not token:
            why = "x-auth-token not found"
            raise Refused("APIG.0301", f"Incorrect IAM authentication information: {why}")
        return self._token_check(token)

    def _holder(self, value: str) -> Caller:
        token = self._iam.holder(value)
        account = token.user.account
        if token.user.name == account.name:
            raise Refused("portal:http-401-with-token", "Unauthorized", 401)
        own = {} if token.region is None else {token.region: account.projects[token.region]}
        return Caller(token.user.name, own, has_token=True)


def region_for(caller: Caller, project_id: str, here: str | None) -> str:
    """The region a call is made in; ``here`` is the only one that this host serves, if any.

    Raises Refused for a project that is not the caller's, or not here.
    """
    if caller.has_token and not caller.projects:
        raise Refused("ModelArts.0212")
    region = caller.region_of(project_id)
    if region is None or here not in (None, region):
        raise Refused("APIG.0307" if caller.has_token else "APIG.0310", why=project_id)
    return region


def check_offer(account: Account, service: Service, region: str) -> None:
    """Raises Refused where the account cannot use a service.

    A region that the catalogue does not know is a partner's, where everything is offered.
    """
    known = regions().get(region)
    if known is not None and service.key not in known.services:
        raise Refused("APIG.0101", why=f"{service.key} is not offered in {region}")
    if account.frozen:
        raise Refused("APIG.0502")
    if service.key in account.not_subscribed:
        message = f"Request api error! The API {service.key} is not subscribed."
        raise Refused("ModelArts.4204", message)
