"""The services, engines and credentials that a user can choose from."""

from __future__ import annotations

from typing import Any

from ninja import Router

from ocrportal.accounts.credentials import credentials_of
from ocrportal.api import schemas
from ocrportal.api.access import REFUSALS, TokenRequest
from ocrportal.api.payloads import credential_info, engine_infos, service_infos

router = Router()


@router.get("/services", response={200: list[schemas.ServiceInfo], **REFUSALS})
def list_services(request: TokenRequest) -> list[dict[str, Any]]:
    """The services available to the user, with their engines and options."""
    return service_infos(request.auth)


@router.get("/engines", response={200: list[schemas.EngineInfo], **REFUSALS})
def list_engines(request: TokenRequest) -> list[dict[str, Any]]:
    """The engines available to the user."""
    return engine_infos(request.auth)


@router.get("/credentials", response={200: list[schemas.CredentialInfo], **REFUSALS})
def list_credentials(request: TokenRequest) -> list[dict[str, Any]]:
    """The user's own and shared credentials, without their secrets."""
    return [credential_info(row, request.auth) for row in credentials_of(request.auth)]
