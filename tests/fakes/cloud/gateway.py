"""The gateway of the services: authentication, projects and permissions of callers."""

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
    """The user identified by a token or a signature."""

    name: str
    projects: dict[str, str]
    """The ids, by region, of the projects the caller may use."""
    has_token: bool

    def region_of(self, project_id: str) -> str | None:
        return next((name for name, own in self.projects.items() if own == project_id), None)


TokenCheck = Callable[[str], Caller]
"""Returns the caller of a token; raises Refused."""


class Gateway:
    """Identifies callers; the server calls it with a lock held."""

    def __init__(
        self, iam: Iam, signatures: SignatureCheck, token_check: TokenCheck | None = None
    ) -> None:
        """``token_check`` validates tokens instead of ``iam``."""
        self._iam, self._signatures = iam, signatures
        self._token_check = token_check or self._holder

    def caller(self, request: Request) -> Caller:
        """The caller of a request; raises Refused."""
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
    """The region of a call; ``here`` is the only region of this host, if it is limited to one.

    Raises Refused for a project of another account or region.
    """
    if caller.has_token and not caller.projects:
        raise Refused("ModelArts.0212")
    region = caller.region_of(project_id)
    if region is None or here not in (None, region):
        raise Refused("APIG.0307" if caller.has_token else "APIG.0310", why=project_id)
    return region


def check_offer(account: Account, service: Service, region: str) -> None:
    """Raise Refused if the account cannot use a service.

    A region that is not in the catalogue is a partner's region, which offers all services.
    """
    known = regions().get(region)
    if known is not None and service.key not in known.services:
        raise Refused("APIG.0101", why=f"{service.key} is not offered in {region}")
    if account.frozen:
        raise Refused("APIG.0502")
    if service.key in account.not_subscribed:
        message = f"Request api error! The API {service.key} is not subscribed."
        raise Refused("ModelArts.4204", message)
