"""Calls of OCR services: what is sent, what is repeated, and what is reported."""

import dataclasses
import json

import pytest

from ocrportal.catalogue.spec import services
from ocrportal.engines.cloud import CallReport, CloudAccess
from ocrportal.engines.huawei.auth.identity import identity_of
from ocrportal.engines.huawei.client import OcrClient, Reply
from ocrportal.errors.engine import (
    CloudAnswerUnreadable,
    CloudRefused,
    CloudThrottled,
    CloudUnreachable,
    CredentialRefused,
    EngineError,
    ServiceRefused,
)
from tests.engines.huawei.scripted import (
    READ,
    SIGNED_IN,
    Canned,
    MemoryTokens,
    ScriptedCloud,
    error,
    iam_error,
)

TEXT = services()["general-text"]
TOKEN_EXPIRED = error(
    "APIG.0301", "Incorrect IAM authentication information: token expires, expires_at:x", 401
)
CUT = b'Content-Length: 100\r\n\r\n{"result"'
QUESTION = {"image": "aGVsbG8=", "character_mode": True}


@pytest.fixture
def client(by_token: CloudAccess, tokens: MemoryTokens, reports: list[CallReport]) -> OcrClient:
    return OcrClient(by_token, identity_of(by_token, tokens), reports.append)


@pytest.fixture
def client_by_keys(
    by_keys: CloudAccess, tokens: MemoryTokens, reports: list[CallReport]
) -> OcrClient:
    return OcrClient(by_keys, identity_of(by_keys, tokens), reports.append)


def two_tokens() -> list[Canned]:
    return [Canned(201, SIGNED_IN, {"X-Subject-Token": name}) for name in ("OLD", "NEW")]


def test_asks_at_the_services_path_with_the_project_and_the_question(
    cloud: ScriptedCloud, client: OcrClient
):
    assert client.call(TEXT, QUESTION) == Reply(READ, "request-1")
    (asked,) = cloud.asked
    assert (asked.method, asked.path) == ("POST", "/v2/project-of-token/ocr/general-text")
    assert asked.json == QUESTION
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["X-Auth-Token"] == "TOKEN"
    assert "Enterprise-Project-Id" not in asked.headers


def test_names_the_department_that_pays(cloud: ScriptedCloud, by_keys: CloudAccess, tokens):
    access = dataclasses.replace(by_keys, enterprise_project_id="dept-1")
    OcrClient(access, identity_of(access, tokens), lambda call: None).call(TEXT, QUESTION)
    (asked,) = cloud.asked
    assert asked.headers["Enterprise-Project-Id"] == "dept-1"
    assert "enterprise-project-id;" in asked.headers["Authorization"]


def test_each_call_is_reported(cloud: ScriptedCloud, client: OcrClient, reports: list[CallReport]):
    client.call(TEXT, QUESTION)
    (call,) = reports
    assert 0 < call.seconds < 5
    assert dataclasses.replace(call, seconds=0) == CallReport(
        service="general-text",
        region="cn-north-4",
        status=200,
        code="",
        seconds=0,
        bytes_sent=len(cloud.asked[0].body),
        units=1,
    )


@pytest.mark.parametrize(
    ("response", "becomes", "status", "code"),
    [
        (error("AIS.0104", "Poor quality."), CloudRefused, 400, "AIS.0104"),
        (error("APIG.0308", "throttling threshold", 429), CloudThrottled, 429, "APIG.0308"),
        (error("ModelArts.4204", "is not subscribed"), ServiceRefused, 400, "ModelArts.4204"),
        (
            Canned(200, b"<html>Welcome</html>"),
            CloudAnswerUnreadable,
            200,
            "cloud-answer-unreadable",
        ),
        (
            Canned(200, b'{"result": {"words'),
            CloudAnswerUnreadable,
            200,
            "cloud-answer-unreadable",
        ),
        (
            Canned(200, {"hello": 1}),
            CloudAnswerUnreadable,
            200,
            "cloud-answer-unreadable",
        ),
        (Canned(200, []), CloudAnswerUnreadable, 200, "cloud-answer-unreadable"),
        (Canned(503, b""), CloudAnswerUnreadable, 503, "cloud-answer-unreadable"),
        (
            Canned(200, {"result": {"error_code": "AIS.0103", "error_msg": "Too large."}}),
            CloudRefused,
            200,
            "AIS.0103",
        ),
        (
            Canned(send=lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + CUT)),
            CloudAnswerUnreadable,
            200,
            "cloud-answer-unreadable",
        ),
        (Canned(send=lambda handler: None), CloudUnreachable, None, "cloud-unreachable"),
    ],
)
def test_a_failed_call_is_reported_and_not_billed(
    cloud: ScriptedCloud,
    client: OcrClient,
    reports: list[CallReport],
    response: Canned,
    becomes: type[EngineError],
    status: int | None,
    code: str,
):
    cloud.answers = [response]
    with pytest.raises(becomes):
        client.call(TEXT, QUESTION)
    (call,) = reports
    assert (call.status, call.code, call.units) == (status, code, 0)


def test_of_a_picture_with_many_documents_only_those_read_are_billed(
    cloud: ScriptedCloud, client: OcrClient, reports: list[CallReport]
):
    states = ["AIS.0000", "AIS.0104", "AIS.0000"]
    items = [{"status": {"error_code": state, "error_msg": ""}} for state in states]
    cloud.answers = [
        Canned(200, {"result": items}),
        Canned(200, {"result": items[1:2]}),
    ]
    client.call(services()["auto-classification"], QUESTION)
    client.call(services()["auto-classification"], QUESTION)
    assert [call.units for call in reports] == [2, 0]


def test_a_list_without_states_is_billed_as_one_call(
    cloud: ScriptedCloud, client: OcrClient, reports: list[CallReport]
):
    cloud.answers = [Canned(200, {"result": [{"plate_number": "A"}, {"plate_number": "B"}]})]
    client.call(services()["license-plate"], QUESTION)
    assert reports[0].units == 1


def test_an_expired_token_is_renewed_and_the_call_repeated(
    cloud: ScriptedCloud, client: OcrClient, reports: list[CallReport]
):
    cloud.sign_ins = two_tokens()
    cloud.answers = [TOKEN_EXPIRED, Canned(200, READ)]
    assert client.call(TEXT, QUESTION).body == READ
    assert [asked.headers["X-Auth-Token"] for asked in cloud.asked] == ["OLD", "NEW"]
    assert [asked.json for asked in cloud.asked] == [QUESTION, QUESTION]
    assert [(call.code, call.units) for call in reports] == [("APIG.0301", 0), ("", 1)]


@pytest.mark.parametrize(
    "response",
    [
        TOKEN_EXPIRED,
        error("APIG.0307", "The token must be updated.", 401),
        error("ModelArts.4103", "Invalid Token header.", 401),
        error("AIS.0002", "The authentication token is abnormal.", 403),
        Canned(401, b"Token expired"),
    ],
)
def test_a_second_token_that_is_refused_too_holds_the_credential(
    cloud: ScriptedCloud, client: OcrClient, response: Canned
):
    cloud.sign_ins = two_tokens()
    cloud.answers = [response]
    with pytest.raises(CredentialRefused):
        client.call(TEXT, QUESTION)
    assert (len(cloud.asked), len(cloud.signed_in)) == (2, 2)


def test_a_password_refused_at_renewal_is_tried_once(cloud: ScriptedCloud, client: OcrClient):
    cloud.sign_ins = [*two_tokens()[:1], iam_error("The username or password is wrong.")]
    cloud.answers = [TOKEN_EXPIRED]
    with pytest.raises(CredentialRefused) as caught:
        client.call(TEXT, QUESTION)
    assert caught.value.params["cloud_code"] == "IAM:bad-credentials"
    assert (len(cloud.asked), len(cloud.signed_in)) == (1, 2)


@pytest.mark.parametrize(
    "message",
    [
        "verify aksk signature fail",
        "AK access failed to reach the limit,forbidden.",
        "calc ak sk signature fail:signature expired",
    ],
)
def test_a_refused_signature_is_never_sent_again(
    cloud: ScriptedCloud, client_by_keys: OcrClient, message: str
):
    cloud.answers = [error("APIG.0301", f"Incorrect IAM information: {message}", 401)]
    with pytest.raises(CredentialRefused):
        client_by_keys.call(TEXT, QUESTION)
    assert len(cloud.asked) == 1


def test_what_was_refused_to_the_user_is_not_asked_again(cloud: ScriptedCloud, client: OcrClient):
    cloud.answers = [error("ModelArts.4203", "Access denied!", 403)]
    with pytest.raises(CredentialRefused):
        client.call(TEXT, QUESTION)
    assert len(cloud.asked) == 1


def test_secrets_stay_out_of_errors_and_reports(
    cloud: ScriptedCloud, client_by_keys: OcrClient, reports: list[CallReport]
):
    cloud.answers = [error("NEW.1", "THEACCESSKEY and TheSecretKey do not fit", 403)]
    with pytest.raises(CredentialRefused) as caught:
        client_by_keys.call(TEXT, QUESTION)
    reported = json.dumps(caught.value.params) + str(caught.value) + repr(reports)
    assert "TheSecretKey" not in reported
    assert "THEACCESSKEY" not in reported
