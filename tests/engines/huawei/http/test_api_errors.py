"""Every error the cloud is known to give, in every shape, becomes the right one of ours."""

import json

import pytest
from django.utils import translation

from ocrportal.catalogue.spec import KnownError, known_errors
from ocrportal.engines.huawei.http.api_errors import (
    ApiError,
    api_error_of,
    error_from,
    next_step,
    parse_error,
)
from ocrportal.engines.huawei.http.transport import Response
from ocrportal.errors.engine import (
    CallsSuspended,
    CloudAnswerUnreadable,
    CloudApiError,
    CloudRefused,
    CloudThrottled,
    CredentialRefused,
    EngineError,
    ServerError,
    ServiceRefused,
)

HOST = "ocr.example"
BECOMES = {
    "fail": CloudRefused,
    "send-bytes": CloudRefused,
    "shrink": CloudRefused,
    "retry": ServerError,
    "throttle": CloudThrottled,
    "renew-token": CredentialRefused,
    "suspend-credential": CredentialRefused,
    "suspend-service": ServiceRefused,
}
ANSWERED = [
    entry
    for entry in known_errors()
    if entry.next != "none" and not entry.code.startswith("portal:")
]
"""Those that come as the answer to a call; the portal's own conditions come otherwise."""


def answer(status: int, body: object) -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {}, content)


def as_answered(entry: KnownError) -> Response:
    status = entry.status or 400
    if entry.code.startswith("IAM:"):
        return answer(status, {"error": {"code": status, "message": entry.message, "title": "No"}})
    return answer(status, {"error_code": entry.code, "error_msg": entry.message})


@pytest.mark.parametrize("entry", ANSWERED, ids=lambda entry: f"{entry.code} {entry.message[:40]}")
def test_each_known_error_has_its_class_its_next_step_and_its_words(entry: KnownError):
    error = error_from(as_answered(entry), HOST)
    assert type(error) is BECOMES[entry.next]
    assert isinstance(error, CloudApiError)
    assert next_step(error) == entry.next
    assert error.params["cloud_code"] == entry.code
    for language in ("en", "zh-hans"):
        with translation.override(language):
            sentence = str(error)
            assert entry.cause in sentence
            assert entry.remedy in sentence
            assert (f"({entry.code})" in sentence) == (":" not in entry.code)


def test_the_two_languages_tell_the_same_error_in_different_words():
    for entry in ANSWERED:
        assert entry.causes["en"] != entry.causes["zh-hans"]
        assert entry.remedies["en"] != entry.remedies["zh-hans"]


@pytest.mark.parametrize(
    "body",
    [
        {"error_code": "ModelArts.4204", "error_msg": "The API XXX is not subscribed. "},
        {"error_code": "ModelArts.4204", "error_msg": "The API XXX is not subscribed.", "x": 1},
        {"result": {"error_code": "ModelArts.4204", "error_msg": "The API XXX is not subscribed."}},
        {"errorCode": "ModelArts.4204", "errorMsg": "The API XXX is not subscribed."},
        {"code": "ModelArts.4204", "message": "The API XXX is not subscribed."},
        {"error": {"code": "ModelArts.4204", "message": "The API XXX is not subscribed."}},
    ],
)
def test_code_and_message_are_found_in_every_shape(body: object):
    assert parse_error(body) == ApiError("ModelArts.4204", "The API XXX is not subscribed.")


@pytest.mark.parametrize(
    "body", [None, [], "text", {}, {"error_code": "A"}, {"error_msg": "B"}, {"error": "C"}]
)
def test_bodies_without_an_error_give_none(body: object):
    assert parse_error(body) is None


def test_what_was_read_on_a_page_is_not_taken_for_an_error():
    page = {"result": {"words": {"code": "044001", "message": "printed on the page"}}}
    assert parse_error(page) is None


@pytest.mark.parametrize(
    ("message", "calls"),
    [
        ("policy user over ratelimit,limit:60,time:1 minute", 60),
        ("policy user over ratelimit,limit:600,time:1 minute", 600),
        ("policy user over ratelimit,limit:5,time:1 second", 0),
        ("The throttling threshold has been reached", 0),
    ],
)
def test_a_throttle_states_the_allowed_calls_per_minute(message: str, calls: int):
    error = error_from(answer(429, {"error_code": "APIG.0308", "error_msg": message}), HOST)
    assert isinstance(error, CloudThrottled)
    assert error.params["calls_per_minute"] == calls


@pytest.mark.parametrize(
    ("status", "becomes"),
    [
        (400, CloudRefused),
        (404, CloudRefused),
        (401, CredentialRefused),
        (403, CredentialRefused),
        (429, CloudThrottled),
        (500, ServerError),
        (503, ServerError),
    ],
)
def test_an_unknown_code_is_judged_by_the_status(status: int, becomes: type[EngineError]):
    error = error_from(answer(status, {"error_code": "NEW.1", "error_msg": "Something new"}), HOST)
    assert type(error) is becomes
    assert str(error) == "Huawei Cloud returned error NEW.1: Something new"


@pytest.mark.parametrize(
    ("status", "becomes"),
    [
        (200, CloudAnswerUnreadable),
        (302, CloudAnswerUnreadable),
        (404, CloudAnswerUnreadable),
        (502, CloudAnswerUnreadable),
        (401, CredentialRefused),
        (403, CredentialRefused),
        (407, CredentialRefused),
        (413, CloudRefused),
        (429, CloudThrottled),
    ],
)
@pytest.mark.parametrize("body", [b"<html><body>Sorry</body></html>", b"", b'{"error_c', b"[]"])
def test_an_html_page_is_judged_by_its_status(status: int, becomes: type[EngineError], body: bytes):
    assert type(error_from(answer(status, body), HOST)) is becomes


def test_the_success_code_is_not_a_known_error():
    body = {"error_code": "AIS.0000", "error_msg": "Succeeded."}
    assert type(error_from(answer(500, body), HOST)) is ServerError


def test_a_body_that_a_proxy_finds_too_large_is_to_be_shrunk():
    error = error_from(answer(413, b"<html>413 Request Entity Too Large</html>"), HOST)
    assert isinstance(error, CloudApiError)
    assert next_step(error) == "shrink"


def test_an_unknown_401_to_a_token_asks_for_another_token():
    response = answer(401, {"error_code": "NEW.1", "error_msg": "Who are you?"})
    with_token, with_keys = error_from(response, HOST, by_token=True), error_from(response, HOST)
    assert isinstance(with_token, CredentialRefused)
    assert isinstance(with_keys, CredentialRefused)
    assert next_step(with_token) == "renew-token"
    assert next_step(with_keys) != "renew-token"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, b"Token expired"),
        (403, b"The authentication token is abnormal."),
        (403, {"error_code": "X.1", "error_msg": "The authentication token is abnormal."}),
    ],
)
def test_the_texts_of_dead_tokens_are_known_without_a_code(status: int, body: object):
    error = error_from(answer(status, body), HOST, by_token=True)
    assert isinstance(error, CredentialRefused)
    assert next_step(error) == "renew-token"


def test_an_unknown_error_is_taken_for_a_known_one_by_whole_words_only():
    body = {"error_code": "NEW.1", "error_msg": "The picture is blocked."}
    error = error_from(answer(400, body), HOST)
    assert type(error) is CloudRefused
    assert api_error_of(error).code == "NEW.1"


def test_secrets_that_the_cloud_repeats_are_blotted_out():
    response = answer(
        403, {"error_code": "IAM.0080", "error_msg": "key THEKEY is disabled: THESECRET"}
    )
    error = error_from(response, HOST, secrets=("THEKEY", "THESECRET", ""))
    assert isinstance(error, CloudApiError)
    assert api_error_of(error).message == "key … is disabled: …"


def test_suspending_errors_state_their_scope():
    scopes = {
        type(error).scope
        for entry in ANSWERED
        if isinstance(error := error_from(as_answered(entry), HOST), ServiceRefused)
    }
    assert scopes == {"service"}
    assert CallsSuspended.scope == CredentialRefused.scope == "credential"


def test_characters_that_databases_refuse_are_removed_from_messages():
    body = {"error_code": "AIS.0104\0", "error_msg": "half \ud800 and \0 none"}
    assert parse_error(body) == ApiError("AIS.0104", "half ? and  none")
