"""Whose calls they are, and when the cloud is asked for it again."""

import dataclasses

import pytest

from ocrportal.engines.cloud import CloudAccess
from ocrportal.engines.huawei.auth import identity
from ocrportal.engines.huawei.auth.identity import check_keys, identity_of
from ocrportal.errors.engine import CredentialRefused
from tests.engines.huawei.scripted import SIGNED_IN, Canned, MemoryTokens, ScriptedCloud


@pytest.fixture(autouse=True)
def _no_projects_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "_PROJECTS", {})


def test_signs_in_once_for_many_calls(
    cloud: ScriptedCloud, by_token: CloudAccess, tokens: MemoryTokens
):
    first = identity_of(by_token, tokens).current()
    again = identity_of(by_token, tokens).current()
    assert (first.project_id, again.project_id) == ("project-of-token", "project-of-token")
    assert len(cloud.signed_in) == 1


def test_a_refused_token_is_replaced(
    cloud: ScriptedCloud, by_token: CloudAccess, tokens: MemoryTokens
):
    cloud.sign_ins = [
        Canned(201, SIGNED_IN, {"X-Subject-Token": "OLD"}),
        Canned(201, SIGNED_IN, {"X-Subject-Token": "NEW"}),
    ]
    whose = identity_of(by_token, tokens)
    old = whose.current()
    new = whose.renewed(old)
    assert old.token is not None
    assert new is not None
    assert new.token is not None
    assert (old.token.value, new.token.value) == ("OLD", "NEW")


def test_reauthenticate_signs_in_despite_a_valid_token(
    cloud: ScriptedCloud, by_token: CloudAccess, tokens: MemoryTokens
):
    whose = identity_of(by_token, tokens)
    whose.current()
    whose.reauthenticate()
    assert len(cloud.signed_in) == 2


def test_the_project_of_the_credential_goes_before_that_of_the_token(
    cloud: ScriptedCloud, by_token: CloudAccess, tokens: MemoryTokens
):
    access = dataclasses.replace(by_token, project_id="chosen")
    assert identity_of(access, tokens).current().project_id == "chosen"


def test_a_token_without_project_is_of_no_use(
    cloud: ScriptedCloud, by_token: CloudAccess, tokens: MemoryTokens
):
    body = {"token": {"expires_at": "2030-01-04T09:05:22.701000Z"}}
    cloud.sign_ins = [Canned(201, body, {"X-Subject-Token": "TOKEN"})]
    with pytest.raises(CredentialRefused) as caught:
        identity_of(by_token, tokens).current()
    assert caught.value.params["cloud_code"] == "ModelArts.0212"


def test_keys_look_the_project_up_once_per_process(
    cloud: ScriptedCloud, by_keys: CloudAccess, tokens: MemoryTokens
):
    cloud.answers = [Canned(200, {"projects": [{"id": "found"}]})]
    access = dataclasses.replace(by_keys, project_id="")
    assert identity_of(access, tokens).current().project_id == "found"
    assert identity_of(access, tokens).current().project_id == "found"
    assert len(cloud.asked) == 1
    elsewhere = dataclasses.replace(access, region="cn-east-3")
    identity_of(elsewhere, tokens).current()
    assert cloud.asked[1].path == "/v3/projects?name=cn-east-3"


def test_keys_with_a_project_need_no_request(
    cloud: ScriptedCloud, by_keys: CloudAccess, tokens: MemoryTokens
):
    assert identity_of(by_keys, tokens).current().project_id == "project-of-keys"
    assert cloud.asked == cloud.signed_in == []


def test_keys_cannot_be_renewed(by_keys: CloudAccess, tokens: MemoryTokens):
    whose = identity_of(by_keys, tokens)
    assert whose.renewed(whose.current()) is None


@pytest.mark.parametrize(
    "slip",
    [
        {"access_key": "THEACCESSKEY "},
        {"access_key": "THE ACCESSKEY"},
        {"secret": "\tTheSecretKey"},
        {"secret": "TheSecret\u200bKey"},
        {"secret": "ＴheSecretKey"},
        {"security_token": "abc\ndef"},
        {"project_id": "0123\u3000"},
    ],
)
def test_keys_with_stray_characters_are_never_tried(
    cloud: ScriptedCloud, by_keys: CloudAccess, tokens: MemoryTokens, slip: dict[str, str]
):
    with pytest.raises(CredentialRefused) as caught:
        identity_of(dataclasses.replace(by_keys, **slip), tokens)
    assert caught.value.params == {"cloud_code": "portal:key-characters", "cloud_message": ""}
    assert cloud.asked == []


@pytest.mark.parametrize(
    "slip", [{"iam_user": " clerk"}, {"domain": "office\n"}, {"domain": "off\u200bice"}]
)
def test_names_with_stray_blanks_are_never_tried(by_token: CloudAccess, slip: dict[str, str]):
    with pytest.raises(CredentialRefused):
        check_keys(dataclasses.replace(by_token, **slip))


@pytest.mark.parametrize(
    "fine", [{"secret": " 密码 with blanks "}, {"iam_user": "文员 one"}, {"domain": "公司"}]
)
def test_passwords_and_names_may_hold_what_they_like(by_token: CloudAccess, fine: dict[str, str]):
    check_keys(dataclasses.replace(by_token, **fine))


def test_secrets_do_not_show(by_token: CloudAccess, by_keys: CloudAccess, tokens: MemoryTokens):
    shown = repr(identity_of(by_token, tokens).current()) + repr(by_token)
    shown += repr(identity_of(by_keys, tokens).current()) + repr(by_keys)
    for secret in ("TOKEN", "the password", "TheSecretKey"):
        assert secret not in shown
