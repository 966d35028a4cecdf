"""The sentences of findings: in both languages, with names instead of ids."""

import json

import pytest
from django.utils import translation

from ocrportal.catalogue.spec import regions, services
from ocrportal.engines.cloud import CloudAccess
from ocrportal.engines.huawei.diagnosis.findings import (
    _SENTENCES,
    STEPS,
    finding,
    finding_for,
)
from ocrportal.errors.engine import CloudUnreachable, CredentialRefused, ServerError, ServiceRefused

KEYS = CloudAccess(kind="aksk", region="cn-north-4", secret="SK")
PERSON = CloudAccess(
    kind="token", region="cn-north-4", secret="pw", iam_user="clerk", domain="office"
)
ACCOUNT = CloudAccess(
    kind="token", region="cn-north-4", secret="pw", iam_user="office", domain="office"
)
FACTS = {
    "host": "iam.example",
    "status": 502,
    "minutes": 20,
    "region": "cn-north-4",
    "service": "general-text",
}


@pytest.mark.parametrize("code", _SENTENCES)
def test_each_finding_has_a_step_and_a_sentence(code: str):
    problem = finding(code, **FACTS)
    assert problem.step in STEPS
    sentence = problem.sentence
    assert "%(" not in sentence
    assert sentence.endswith(".")


def test_each_step_has_a_label_and_a_finding():
    assert {step for step, _sentence in _SENTENCES.values()} == set(STEPS)


def test_service_and_region_are_shown_by_name_in_the_readers_language():
    problem = finding("not-subscribed", service="general-text", region="cn-north-4")
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert services()["general-text"].name in problem.sentence
            assert regions()["cn-north-4"].name in problem.sentence


def test_a_custom_region_is_shown_by_its_id():
    assert "office-1" in finding("project-missing", region="office-1").sentence


def test_a_finding_outlives_storage_as_json():
    problem = finding_for(
        ServiceRefused(cloud_code="ModelArts.4204", cloud_message="is not subscribed"),
        KEYS,
        "id-card",
        "service",
    )
    code, params = json.loads(json.dumps([problem.code, dict(problem.params)]))
    assert finding(code, **params) == problem
    assert finding(code, **params).sentence == problem.sentence


def test_other_errors_are_shown_with_the_portals_message():
    error = ServerError(cloud_code="IAM.0006", cloud_message="An unexpected error")
    problem = finding_for(error, PERSON, "general-text", "sign-in")
    assert (problem.code, problem.step) == (error.code, "sign-in")
    assert problem.sentence == str(error)
    assert json.loads(json.dumps(dict(problem.params))) == problem.params


@pytest.mark.parametrize(
    ("access", "code", "message", "found"),
    [
        (PERSON, "IAM:bad-credentials", "", "password-refused"),
        (ACCOUNT, "IAM:bad-credentials", "", "account-login-refused"),
        (PERSON, "IAM:user-info", "The userInfo is wrong", "names-do-not-fit"),
        (PERSON, "IAM:account-locked", "The account is locked.", "account-locked"),
        (PERSON, "IAM.0061", "Account locked.", "account-locked"),
        (PERSON, "IAM:no-programmatic-access", "not programmatic access", "console-only"),
        (PERSON, "IAM.0082", "The user is disabled.", "user-disabled"),
        (KEYS, "APIG.0101", "", "region-mismatch"),
        (PERSON, "ModelArts.0212", "not contain project item", "token-without-project"),
        (ACCOUNT, "ModelArts.0212", "not contain project item", "token-without-project"),
        (ACCOUNT, "portal:http-401-with-token", "", "user-is-account"),
        (ACCOUNT, "APIG.0301", "decrypt token fail", "user-is-account"),
        (PERSON, "APIG.0301", "decrypt token fail", "arrears"),
        (PERSON, "APIG.0307", "The token must be updated.", "region-mismatch"),
        (KEYS, "portal:project-missing", "", "project-missing"),
        (KEYS, "portal:project-ambiguous", "", "project-ambiguous"),
        (KEYS, "APIG.0301", "verify aksk signature fail", "key-refused"),
        (KEYS, "APIG.0301", "AK access failed to reach the limit,forbidden.", "key-locked"),
        (KEYS, "APIG.0301", "Get secretKey failed,ak:X,err:ak not exist", "key-unknown"),
        (KEYS, "ModelArts.4203", "Access denied!", "not-permitted"),
        (KEYS, "ModelArts.4204", "is not subscribed", "not-subscribed"),
        (KEYS, "ModelArts.4106", "Invalid authorization request.", "arrears"),
        (KEYS, "portal:key-characters", "", "stray-characters"),
        (KEYS, "portal:tls-failure", "", "tls"),
    ],
)
def test_each_error_has_its_finding(access: CloudAccess, code: str, message: str, found: str):
    error = CredentialRefused(cloud_code=code, cloud_message=message)
    assert finding_for(error, access, "general-text", "service").code == found


def test_an_address_without_iam_is_found_at_the_sign_in():
    error = CredentialRefused(cloud_code="APIGW.0101", cloud_message="")
    assert finding_for(error, PERSON, "general-text", "sign-in").code == "iam-address-wrong"


def test_expired_temporary_keys_are_distinguished_from_a_wrong_clock():
    error = CredentialRefused(cloud_code="APIG.0301", cloud_message="signature expired")
    temporary = CloudAccess(kind="aksk", region="cn-north-4", secret="SK", security_token="ST")
    assert finding_for(error, temporary, "general-text", "service").code == "keys-expired"
    assert finding_for(error, KEYS, "general-text", "service").code == error.code


def test_a_token_that_an_own_cloud_cannot_read_is_of_another_region():
    error = CredentialRefused(cloud_code="APIG.0301", cloud_message="decrypt token fail")
    own = CloudAccess(
        kind="token",
        region="cn-north-4",
        secret="pw",
        iam_user="clerk",
        domain="office",
        ocr_endpoint="https://ocr.office.example",
    )
    assert finding_for(error, own, "general-text", "service").code == "region-mismatch"


def test_a_proxy_is_named_as_such():
    proxied = CloudAccess(
        kind="aksk", region="cn-north-4", secret="SK", proxy="http://clerk:word@proxy.example:8080"
    )
    error = CloudUnreachable(host="proxy.example")
    problem = finding_for(error, proxied, "general-text", "address")
    assert problem.code == "proxy-unreachable"
    assert "proxy.example" in problem.sentence
    assert "word" not in problem.sentence.split()
