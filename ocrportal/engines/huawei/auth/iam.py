"""What is asked of IAM, Huawei Cloud's identity service: a token, and a project's id."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import quote

from requests.auth import AuthBase

from ocrportal.catalogue.spec import find_error
from ocrportal.engines.cloud import CloudAccess, Token
from ocrportal.engines.huawei.endpoints import iam_url
from ocrportal.engines.huawei.http.api_errors import api_error_of, refusal
from ocrportal.engines.huawei.http.transport import Answer, exchange, host_of
from ocrportal.errors import (
    CloudAnswerUnreadable,
    CloudRefused,
    CredentialRefused,
    EngineError,
    ServiceRefused,
)

BAD_CREDENTIALS = "IAM:bad-credentials"
PROJECT_MISSING = "portal:project-missing"
PROJECT_AMBIGUOUS = "portal:project-ambiguous"


def sign_in(access: CloudAccess) -> Token:
    """Fetch a token for the project of the credential's region, with one attempt.

    Raises CredentialRefused for whatever IAM has against it: the account is locked after
    a few refused passwords, so that nobody may try again before somebody has looked. Other
    trouble is raised as :func:`ocrportal.engines.huawei.http.transport.exchange` describes.
    """
    # Without the catalog, which would make the answer and the token's header far longer.
    url = f"{iam_url(access)}/v3/auth/tokens?nocatalog=true"
    answer = exchange(access, "POST", url, body=json.dumps(_login(access)).encode())
    if answer.status != 201:
        raise _sign_in_error(answer, access)
    return _token(answer, host_of(url))


def project_id_of(access: CloudAccess, auth: AuthBase) -> str:
    """The id of the project that belongs to the credential's region.

    Raises CredentialRefused if there is none, or more than one, or IAM says no.
    """
    url = f"{iam_url(access)}/v3/projects?name={quote(access.region, safe='')}"
    answer = exchange(access, "GET", url, auth=auth)
    if answer.status != 200:
        raise _for_good(refusal(answer, host_of(url), secrets=_secrets(access)))
    try:
        found = {project["id"] for project in answer.json()["projects"]}
    except (ValueError, KeyError, TypeError) as error:
        raise CloudAnswerUnreadable(host=host_of(url), status=answer.status) from error
    if len(found) != 1:
        code = PROJECT_AMBIGUOUS if found else PROJECT_MISSING
        raise CredentialRefused(cloud_code=code, region=access.region)
    (project_id,) = found
    return str(project_id)


def _login(access: CloudAccess) -> dict[str, Any]:
    user = {
        "name": access.iam_user,
        "password": access.secret,
        "domain": {"name": access.domain},
    }
    project = {"id": access.project_id} if access.project_id else {"name": access.region}
    return {
        "auth": {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": project},
        }
    }


def _token(answer: Answer, host: str) -> Token:
    try:
        said = answer.json()["token"]
        expires_at = dt.datetime.fromisoformat(said["expires_at"])
        return Token(
            value=answer.headers["X-Subject-Token"],
            expires_at=expires_at if expires_at.tzinfo else expires_at.replace(tzinfo=dt.UTC),
            project_id=str(said.get("project", {}).get("id", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CloudAnswerUnreadable(host=host, status=answer.status) from error


def _sign_in_error(answer: Answer, access: CloudAccess) -> EngineError:
    error = _for_good(refusal(answer, host_of(iam_url(access)), secrets=_secrets(access)))
    if not isinstance(error, CredentialRefused) or answer.status != 401:
        return error
    said = api_error_of(error)
    known = find_error(said.code, said.message)
    # A plain "requires authentication", as Keystone answers, means the same here.
    if known is not None and known.next != "renew-token":
        return error
    return CredentialRefused(cloud_code=BAD_CREDENTIALS, cloud_message=said.message)


def _for_good(error: EngineError) -> EngineError:
    """IAM knows of no pages and services: what it refuses, it refuses the credential."""
    if not isinstance(error, CloudRefused | ServiceRefused):
        return error
    said = api_error_of(error)
    return CredentialRefused(cloud_code=said.code, cloud_message=said.message)


def _secrets(access: CloudAccess) -> tuple[str, ...]:
    return access.secret, access.access_key, access.security_token
