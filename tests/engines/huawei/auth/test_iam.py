"""Signing in and finding the project: what is sent, and what each refusal means."""

import dataclasses
import datetime as dt
import json

import pytest

from ocrportal.engines.cloud import CloudAccess, Token
from ocrportal.engines.huawei.auth.authorization import AkSkAuth
from ocrportal.engines.huawei.auth.iam import project_id_of, sign_in
from ocrportal.errors.engine import (
    CloudAnswerUnreadable,
    CloudThrottled,
    CredentialRefused,
    EngineError,
    ServerError,
)
from tests.engines.huawei.scripted import (
    SIGNED_IN,
    Canned,
    ScriptedCloud,
    error,
    iam_error,
)

AUTH = AkSkAuth("THEACCESSKEY", "TheSecretKey")


def test_signs_in_for_the_project_of_the_region(cloud: ScriptedCloud, by_token: CloudAccess):
    assert sign_in(by_token) == Token(
        value="TOKEN",
        expires_at=dt.datetime(2030, 1, 4, 9, 5, 22, 701000, tzinfo=dt.UTC),
        project_id="project-of-token",
    )
    (asked,) = cloud.signed_in
    assert (asked.method, asked.path) == ("POST", "/v3/auth/tokens?nocatalog=true")
    assert asked.json == {
        "auth": {
            "identity": {
                "methods": ["password"],
                "password": {
                    "user": {
                        "name": "clerk",
                        "password": "the password",
                        "domain": {"name": "office"},
                    }
                },
            },
            "scope": {"project": {"name": "cn-north-4"}},
        }
    }


def test_signs_in_for_the_very_project_of_the_credential(
    cloud: ScriptedCloud, by_token: CloudAccess
):
    sign_in(dataclasses.replace(by_token, project_id="of-the-archive"))
    assert cloud.signed_in[0].json["auth"]["scope"] == {"project": {"id": "of-the-archive"}}


def test_a_token_without_project_has_no_project_id(cloud: ScriptedCloud, by_token: CloudAccess):
    body = {"token": {"expires_at": "2030-01-04T09:05:22.701000Z"}}
    cloud.sign_ins = [Canned(201, body, {"X-Subject-Token": "TOKEN"})]
    assert sign_in(by_token).project_id == ""


@pytest.mark.parametrize(
    ("response", "code"),
    [
        (iam_error("The username or password is wrong."), "IAM:bad-credentials"),
        (iam_error("The request you have made requires authentication."), "IAM:bad-credentials"),
        (iam_error("Something unknown"), "IAM:bad-credentials"),
        (Canned(401, b"<html>No</html>"), "IAM:bad-credentials"),
        (iam_error("The userInfo is wrong"), "IAM:user-info"),
        (iam_error("The account is locked."), "IAM:account-locked"),
        (error("IAM.0061", "Account locked.", 401), "IAM.0061"),
        (
            iam_error(
                "This user only supports console access, not programmatic access.", status=403
            ),
            "IAM:no-programmatic-access",
        ),
        (error("IAM.0002", "You are not authorized.", 403), "IAM.0002"),
        (iam_error("The request body is invalid", status=400), "IAM:bad-request"),
        (error("APIGW.0101", "The API does not exist.", 404), "APIGW.0101"),
        (error("NEW.1", "Something new", 400), "NEW.1"),
    ],
)
def test_what_iam_refuses_is_refused_the_credential_after_one_try(
    cloud: ScriptedCloud, by_token: CloudAccess, response: Canned, code: str
):
    cloud.sign_ins = [response]
    with pytest.raises(CredentialRefused) as caught:
        sign_in(by_token)
    assert caught.value.params["cloud_code"] == code
    assert len(cloud.signed_in) == 1


@pytest.mark.parametrize(
    ("response", "becomes"),
    [
        (error("IAM.0012", "The throttling threshold has been reached.", 429), CloudThrottled),
        (error("IAM.0006", "An unexpected error", 500), ServerError),
        (Canned(502, b"<html>Bad gateway</html>"), CloudAnswerUnreadable),
        (Canned(201, SIGNED_IN), CloudAnswerUnreadable),
        (Canned(201, {"token": {}}, {"X-Subject-Token": "T"}), CloudAnswerUnreadable),
        (Canned(201, [], {"X-Subject-Token": "T"}), CloudAnswerUnreadable),
        (Canned(200, SIGNED_IN, {"X-Subject-Token": "T"}), CloudAnswerUnreadable),
    ],
)
def test_transient_errors_of_iam_are_not_refusals(
    cloud: ScriptedCloud,
    by_token: CloudAccess,
    response: Canned,
    becomes: type[EngineError],
):
    cloud.sign_ins = [response]
    with pytest.raises(becomes):
        sign_in(by_token)


def test_the_password_is_never_in_messages(cloud: ScriptedCloud, by_token: CloudAccess):
    cloud.sign_ins = [iam_error("No such password: the password")]
    with pytest.raises(CredentialRefused) as caught:
        sign_in(by_token)
    assert "the password" not in json.dumps(caught.value.params)
    assert "the password" not in repr(by_token)


def test_finds_the_project_of_the_region(cloud: ScriptedCloud, by_keys: CloudAccess):
    cloud.answers = [Canned(200, {"projects": [{"id": "found", "name": "cn-north-4"}]})]
    assert project_id_of(by_keys, AUTH) == "found"
    (asked,) = cloud.asked
    assert (asked.method, asked.path) == ("GET", "/v3/projects?name=cn-north-4")
    assert "Access=THEACCESSKEY" in asked.headers["Authorization"]


@pytest.mark.parametrize(
    ("response", "code"),
    [
        (Canned(200, {"projects": []}), "portal:project-missing"),
        (
            Canned(200, {"projects": [{"id": "one"}, {"id": "two"}]}),
            "portal:project-ambiguous",
        ),
        (
            error("APIG.0301", "Incorrect IAM …: verify aksk signature fail", 401),
            "APIG.0301",
        ),
        (error("IAM.0003", "Policy doesn't allow it.", 403), "IAM.0003"),
        (error("IAM.0007", "Request parameter is invalid.", 400), "IAM.0007"),
    ],
)
def test_no_project_or_more_than_one_holds_the_credential(
    cloud: ScriptedCloud, by_keys: CloudAccess, response: Canned, code: str
):
    cloud.answers = [response]
    with pytest.raises(CredentialRefused) as caught:
        project_id_of(by_keys, AUTH)
    assert caught.value.params["cloud_code"] == code


@pytest.mark.parametrize("body", [b"<html>", {"projects": None}, {"projects": [{}]}, []])
def test_an_invalid_list_of_projects_is_unreadable(
    cloud: ScriptedCloud, by_keys: CloudAccess, body: object
):
    cloud.answers = [Canned(200, body)]
    with pytest.raises(CloudAnswerUnreadable):
        project_id_of(by_keys, AUTH)
