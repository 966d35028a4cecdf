"""The client of the OCR services: one question, one answer, and each call told."""

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
    next_step,
    parse_error,
    refusal,
)
from ocrportal.engines.huawei.http.transport import Answer, exchange, host_of
from ocrportal.errors import CloudAnswerUnreadable, CloudApiError, CredentialRefused, EngineError


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a call that succeeded."""

    body: dict[str, Any]
    """The whole JSON answer; what was recognised is under ``result``."""
    request_id: str


class OcrClient:
    """Calls OCR services with one credential."""

    def __init__(self, access: CloudAccess, identity: Identity, report: Report) -> None:
        """``report`` is told of each call, also of failed ones."""
        self._access, self._identity, self._report = access, identity, report

    def ask(self, service: Service, question: Mapping[str, Any]) -> Reply:
        """Have a service answer; ``question`` is the JSON body of the request.

        A token that the cloud does not take any more is renewed, once, and the call
        repeated. Raises the leaves of EngineError that the cloud's errors stand for;
        :func:`ocrportal.engines.huawei.http.api_errors.next_step` tells what may help.
        """
        shown = self._identity.current()
        try:
            return self.ask_with(shown, service, question)
        except CredentialRefused as error:
            if next_step(error) != "renew-token":
                raise
            renewed = self._identity.renewed(shown)
            if renewed is None:
                raise
        return self.ask_with(renewed, service, question)

    def ask_with(self, shown: AuthContext, service: Service, question: Mapping[str, Any]) -> Reply:
        """The same with this very pass, in a single call."""
        url = ocr_url(self._access) + service.path.format(project_id=quote(shown.project_id))
        body = json.dumps(question, ensure_ascii=False, separators=(",", ":")).encode()
        call = partial(
            CallReport,
            service=service.key,
            region=self._access.region,
            bytes_sent=len(body),
        )
        started = time.monotonic()
        answer: Answer | None = None
        try:
            answer = exchange(
                self._access, "POST", url, auth=shown.auth, body=body, headers=self._headers()
            )
            reply = _reply(answer, host_of(url), shown)
        except EngineError as error:
            seconds = time.monotonic() - started
            status = answer.status if answer else _status_in(error)
            self._report(call(status=status, code=_code_of(error), seconds=seconds, units=0))
            raise
        seconds = time.monotonic() - started
        units = _units(reply.body)
        self._report(call(status=answer.status, code="", seconds=seconds, units=units))
        return reply

    def _headers(self) -> dict[str, str]:
        enterprise_project_id = self._access.enterprise_project_id
        return {"Enterprise-Project-Id": enterprise_project_id} if enterprise_project_id else {}


def _reply(answer: Answer, host: str, shown: AuthContext) -> Reply:
    if not 200 <= answer.status < 300:
        raise refusal(answer, host, by_token=shown.token is not None, secrets=shown.secrets)
    try:
        body = answer.json()
    except ValueError as error:
        raise CloudAnswerUnreadable(host=host, status=answer.status) from error
    if not isinstance(body, dict) or not _holds_result(body):
        raise refusal(answer, host, secrets=shown.secrets)
    return Reply(body, answer.request_id)


def _holds_result(body: dict[str, Any]) -> bool:
    """False also for an error in the clothes of a success, as general-table may answer."""
    result = body.get("result")
    is_error = isinstance(result, dict) and {"error_code", "error_msg"} == result.keys()
    said = parse_error(result) if is_error else None
    return "result" in body and (said is None or said.code == SUCCEEDED)


def _code_of(error: EngineError) -> str:
    return api_error_of(error).code if isinstance(error, CloudApiError) else error.code


def _status_in(error: EngineError) -> int | None:
    """Of an answer that began but could not be read to its end; None where none came."""
    return int(error.params["status"]) if isinstance(error, CloudAnswerUnreadable) else None


def _units(body: dict[str, Any]) -> int:
    """What is billed: the call or, where each item has a status, those that succeeded."""
    result = body["result"]
    if not isinstance(result, list):
        return 1
    states = [
        item["status"].get("error_code")
        for item in result
        if isinstance(item, dict) and isinstance(item.get("status"), dict)
    ]
    return states.count(SUCCEEDED) if states else 1
