"""The client of the OCR services; it reports every call."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from ocrportal.catalogue.spec import Service
from ocrportal.engines.cloud import CallReport, CloudAccess, Report
from ocrportal.engines.huawei.auth.identity import AuthContext, Identity
from ocrportal.engines.huawei.endpoints import ocr_url
from ocrportal.engines.huawei.http.api_errors import (
    SUCCEEDED,
    api_error_of,
    error_from,
    next_step,
    parse_error,
)
from ocrportal.engines.huawei.http.transport import Response, exchange, host_of
from ocrportal.errors.engine import (
    CloudAnswerUnreadable,
    CloudApiError,
    CredentialRefused,
    EngineError,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """The response to a successful call."""

    body: dict[str, Any]
    """The whole JSON body; the recognised data is under ``result``."""
    request_id: str


class OcrClient:
    """Calls OCR services with one credential."""

    def __init__(self, access: CloudAccess, identity: Identity, report: Report) -> None:
        """``report`` is called for each call, failed ones included."""
        self._access, self._identity, self._report = access, identity, report

    def call(self, service: Service, parameters: Mapping[str, Any]) -> Reply:
        """Call a service; ``parameters`` is the JSON body of the request.

        If the cloud no longer accepts the token, it is renewed once and the call repeated.
        Raises the EngineError for the cloud's error;
        :func:`ocrportal.engines.huawei.http.api_errors.next_step` returns how to proceed.
        """
        context = self._identity.current()
        try:
            return self.call_with(context, service, parameters)
        except CredentialRefused as error:
            if next_step(error) != "renew-token":
                raise
            renewed = self._identity.renewed(context)
            if renewed is None:
                raise
        return self.call_with(renewed, service, parameters)

    def call_with(
        self, context: AuthContext, service: Service, parameters: Mapping[str, Any]
    ) -> Reply:
        """Like :meth:`call`, with the given context and in a single HTTP call."""
        url = ocr_url(self._access) + service.path.format(project_id=quote(context.project_id))
        body = json.dumps(parameters, ensure_ascii=False, separators=(",", ":")).encode()
        call = partial(
            CallReport,
            service=service.key,
            region=self._access.region,
            bytes_sent=len(body),
        )
        started = time.monotonic()
        response: Response | None = None
        try:
            response = exchange(
                self._access, "POST", url, auth=context.auth, body=body, headers=self._headers()
            )
            reply = _reply(response, host_of(url), context)
        except EngineError as error:
            seconds = time.monotonic() - started
            status = response.status if response else _status_in(error)
            self._report(call(status=status, code=_code_of(error), seconds=seconds, units=0))
            raise
        seconds = time.monotonic() - started
        units = _units(reply.body)
        self._report(call(status=response.status, code="", seconds=seconds, units=units))
        return reply

    def _headers(self) -> dict[str, str]:
        enterprise_project_id = self._access.enterprise_project_id
        return {"Enterprise-Project-Id": enterprise_project_id} if enterprise_project_id else {}


def _reply(response: Response, host: str, context: AuthContext) -> Reply:
    if not 200 <= response.status < 300:
        raise error_from(
            response, host, by_token=context.token is not None, secrets=context.secrets
        )
    try:
        body = response.json()
    except ValueError as error:
        raise CloudAnswerUnreadable(host=host, status=response.status) from error
    if not isinstance(body, dict) or not _holds_result(body):
        raise error_from(response, host, secrets=context.secrets)
    return Reply(body, response.request_id)


def _holds_result(body: dict[str, Any]) -> bool:
    """False also for an error with status 200, as general-table may return it."""
    result = body.get("result")
    is_error = isinstance(result, dict) and {"error_code", "error_msg"} == result.keys()
    api_error = parse_error(result) if is_error else None
    return "result" in body and (api_error is None or api_error.code == SUCCEEDED)


def _code_of(error: EngineError) -> str:
    return api_error_of(error).code if isinstance(error, CloudApiError) else error.code


def _status_in(error: EngineError) -> int | None:
    """The status of a response that could not be read completely; None if none arrived."""
    return int(error.params["status"]) if isinstance(error, CloudAnswerUnreadable) else None


def _units(body: dict[str, Any]) -> int:
    """The billed units: one per call or, if items have a status, one per successful item."""
    result = body["result"]
    if not isinstance(result, list):
        return 1
    states = [
        item["status"].get("error_code")
        for item in result
        if isinstance(item, dict) and isinstance(item.get("status"), dict)
    ]
    return states.count(SUCCEEDED) if states else 1
