"""Requests to IAM, Huawei Cloud's identity service: tokens and project ids."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import quote

from requests.auth import AuthBase

from ocrportal.catalogue.spec import find_error
from ocrportal.engines.cloud import CloudAccess, Token
from ocrportal.engines.huawei.endpoints import iam_url
from ocrportal.engines.huawei.http.api_errors import api_error_of, error_from
from ocrportal.engines.huawei.http.transport import Response, exchange, host_of
from ocrportal.errors.engine import (
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
    """Fetch a token for the project of the credential's region, in a single attempt.

    Raises CredentialRefused for every refusal of IAM: it locks the account after a few
    wrong passwords, so the caller must not retry before a user has fixed the credential.
    Network errors are those of :func:`ocrportal.engines.huawei.http.transport.exchange`.
    """
    # Without the service catalog, which would make the response and the token far longer.
    url = f"{iam_url(access)}/v3/auth/tokens?nocatalog=true"
    response = exchange(access, "POST", url, body=json.dumps(_login(access)).encode())
    if response.status != 201:
        raise _sign_in_error(response, access)
    return _token(response, host_of(url))


def project_id_of(access: CloudAccess, auth: AuthBase) -> str:
    """The id of the project that belongs to the credential's region.

    Raises CredentialRefused if there is none or more than one, or if IAM refuses.
    """
    url = f"{iam_url(access)}/v3/projects?name={quote(access.region, safe='')}"
    response = exchange(access, "GET", url, auth=auth)
    if response.status != 200:
        raise _refused_credential(error_from(response, host_of(url), secrets=_secrets(access)))
    try:
        found = {project["id"] for project in response.json()["projects"]}
    except (ValueError, KeyError, TypeError) as error:
        raise CloudAnswerUnreadable(host=host_of(url), status=response.status) from error
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


def _token(response: Response, host: str) -> Token:
    try:
        token = response.json()["token"]
        expires_at = dt.datetime.fromisoformat(token["expires_at"])
        return Token(
            value=response.headers["X-Subject-Token"],
            expires_at=expires_at if expires_at.tzinfo else expires_at.replace(tzinfo=dt.UTC),
            project_id=str(token.get("project", {}).get("id", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CloudAnswerUnreadable(host=host, status=response.status) from error


def _sign_in_error(response: Response, access: CloudAccess) -> EngineError:
    error = _refused_credential(
        error_from(response, host_of(iam_url(access)), secrets=_secrets(access))
    )
    if not isinstance(error, CredentialRefused) or response.status != 401:
        return error
    api_error = api_error_of(error)
    known = find_error(api_error.code, api_error.message)
    # A plain "requires authentication", as Keystone returns it, means the same here.
    if known is not None and known.next != "renew-token":
        return error
    return CredentialRefused(cloud_code=BAD_CREDENTIALS, cloud_message=api_error.message)


def _refused_credential(error: EngineError) -> EngineError:
    """IAM does not serve pages: whatever it refuses, it refuses the credential."""
    if not isinstance(error, CloudRefused | ServiceRefused):
        return error
    api_error = api_error_of(error)
    return CredentialRefused(cloud_code=api_error.code, cloud_message=api_error.message)


def _secrets(access: CloudAccess) -> tuple[str, ...]:
    return access.secret, access.access_key, access.security_token
