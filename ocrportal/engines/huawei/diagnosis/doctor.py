"""Tests a credential by walking the whole way to a service, and reports where it fails.

The test ends with the first problem, so at most one sign-in fails: the cloud locks accounts
after repeated failures. It is not billed: it sends a picture that is too small to be read,
and the service's error about that confirms that all steps before it work.
"""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime
from typing import Any

from ocrportal.catalogue.spec import Service, services, services_in
from ocrportal.engines.cloud import CloudAccess, Diagnosis, Problem, TokenStore
from ocrportal.engines.huawei.auth.identity import identity_of
from ocrportal.engines.huawei.client import OcrClient
from ocrportal.engines.huawei.diagnosis.findings import STEPS, StepKey, finding, finding_for
from ocrportal.engines.huawei.endpoints import iam_url, ocr_url
from ocrportal.engines.huawei.http.api_errors import api_error_of
from ocrportal.engines.huawei.http.transport import exchange
from ocrportal.errors.engine import (
    CloudApiError,
    CloudThrottled,
    CloudUnreachable,
    CredentialRefused,
    EngineError,
)

DEFAULT_SERVICE = "general-text"
_OF_SERVICES = "AIS."
"""Prefix of the error codes of the OCR services themselves, as opposed to the gateway."""
_TINY_PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)
"""A PNG of one white pixel, in base64: smaller than any service accepts."""
_CLOCK_FAILS = dt.timedelta(minutes=15)
_CLOCK_WARNS = dt.timedelta(minutes=5)


def diagnose(access: CloudAccess, tokens: TokenStore, service_key: str = "") -> Diagnosis:
    """Test the whole way to a service, by default to the default service of the region.

    A credential with a password signs in again, so that a changed password is detected; the
    token is stored in ``tokens``. Nothing else is stored or reported, and no problem is
    raised. Raises KeyError for a service that is not in the catalogue.
    """
    service = services()[service_key or _default_service(access.region)]
    check = _Check(access, tokens, service)
    try:
        check.run()
    except _Found as found:
        return Diagnosis(service.key, STEPS, found.problem, check.warning)
    except EngineError as error:
        problem = finding_for(error, access, service.key, check.step)
        return Diagnosis(service.key, STEPS, problem, check.warning, error)
    return Diagnosis(service.key, STEPS, warning=check.warning)


def diagnosis_of(error: EngineError, service_key: str) -> Diagnosis:
    """The diagnosis of a credential that cannot be read: ``error`` is why.

    Either its secrets do not decrypt, or its proxy is not allowed.
    """
    if isinstance(error, CloudUnreachable):
        problem = finding("proxy-unreachable", host=str(error.params["host"]))
    else:
        problem = Problem(error.code, "keys", error.params)
    return Diagnosis(service_key, STEPS, problem, error=error)


def _default_service(region: str) -> str:
    offered = services_in(region)
    with_picture = (key for key, service in offered.items() if service.image_field)
    return DEFAULT_SERVICE if DEFAULT_SERVICE in offered else next(with_picture, DEFAULT_SERVICE)


class _Found(Exception):
    """A problem that was found without an error response of the cloud."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _Check:
    """One run through the steps; ``step`` is the current one."""

    def __init__(self, access: CloudAccess, tokens: TokenStore, service: Service) -> None:
        self._access, self._tokens, self._service = access, tokens, service
        self.step: StepKey = "keys"
        self.warning: Problem | None = None

    def run(self) -> None:
        """Raises EngineError or _Found at the first problem."""
        access, service = self._access, self._service
        identity = identity_of(access, self._tokens)
        self.step = "address"
        responses = [exchange(access, "GET", f"{url}/") for url in self._addresses()]
        self.step = "clock"
        self._check_clock(responses[-1].headers.get("Date", ""))
        self.step = "sign-in"
        context = identity.reauthenticate()
        self.step = "region"
        if service.key not in services_in(access.region):
            facts = {"service": service.key, "region": access.region}
            raise _Found(finding("service-elsewhere", **facts))
        self.step = "service"
        client = OcrClient(access, identity, report=lambda call: None)
        try:
            client.call_with(context, service, _unreadable_parameters(service))
        except CredentialRefused:
            raise
        except CloudThrottled:
            self.warning = self.warning or finding("service-busy", service=service.key)
        except CloudApiError as error:
            if not api_error_of(error).code.startswith(_OF_SERVICES):
                raise

    def _addresses(self) -> list[str]:
        """The base URLs that calls with this credential use."""
        access = self._access
        asks_iam = access.kind == "token" or not access.project_id
        return [iam_url(access), ocr_url(access)] if asks_iam else [ocr_url(access)]

    def _check_clock(self, date: str) -> None:
        """Compare the local clock with the ``Date`` header of the response."""
        try:
            their_time = parsedate_to_datetime(date)
        except ValueError:  # the header is missing
            return
        if their_time.tzinfo is None:  # for "-0000"
            their_time = their_time.replace(tzinfo=dt.UTC)
        skew = abs(dt.datetime.now(dt.UTC) - their_time)
        minutes = round(skew.total_seconds() / 60)
        # Signatures carry the time; tokens do not.
        if skew > _CLOCK_FAILS and self._access.kind == "aksk":
            raise _Found(finding("clock-off", minutes=minutes))
        if skew > _CLOCK_WARNS:
            self.warning = finding("clock-drifts", minutes=minutes)


def _unreadable_parameters(service: Service) -> dict[str, Any]:
    """Parameters that the service must refuse, so that the call is not billed."""
    return {service.image_field: _TINY_PICTURE} if service.image_field else {}
