"""The diagnosis distinguishes the failures of a credential, with at most one failed sign-in."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from email.utils import format_datetime

import pytest

from ocrportal.engines.cloud import CloudAccess, Diagnosis
from ocrportal.engines.huawei.auth import identity
from ocrportal.engines.huawei.diagnosis.doctor import diagnose
from ocrportal.errors.engine import (
    CallsSuspended,
    CredentialRefused,
    ServiceRefused,
    TransientError,
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
from tests.fakes.cloud import FakeCloud


@pytest.fixture
def fake() -> Iterator[FakeCloud]:
    with FakeCloud() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_projects_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "_PROJECTS", {})


def person(cloud: FakeCloud, **changes: str) -> CloudAccess:
    settings = {
        "iam_user": cloud.user.name,
        "domain": cloud.account.name,
        "secret": cloud.user.password,
    }
    return CloudAccess(
        kind="token",
        region=changes.pop("region", "cn-north-4"),
        ocr_endpoint=cloud.url,
        iam_endpoint=cloud.url,
        **(settings | changes),
    )


def keys(cloud: FakeCloud, **changes: str) -> CloudAccess:
    settings = {"access_key": cloud.user.access_key, "secret": cloud.user.secret_key}
    return CloudAccess(
        kind="aksk",
        region=changes.pop("region", "cn-north-4"),
        ocr_endpoint=cloud.url,
        iam_endpoint=cloud.url,
        **(settings | changes),
    )


def states(diagnosis: Diagnosis) -> dict[str, str]:
    return {step.key: step.state for step in diagnosis.steps}


def found(diagnosis: Diagnosis) -> str:
    assert diagnosis.problem is not None
    failed = [step.key for step in diagnosis.steps if step.state == "failed"]
    assert failed == [diagnosis.problem.step]
    assert diagnosis.problem.sentence
    return diagnosis.problem.code


@pytest.mark.parametrize("kind", [person, keys])
def test_a_good_credential_passes_every_step_and_costs_nothing(fake: FakeCloud, kind):
    diagnosis = diagnose(kind(fake), MemoryTokens())
    assert diagnosis.usable
    assert set(states(diagnosis).values()) == {"passed"}
    assert all(step.label for step in diagnosis.steps)
    assert fake.ledger.units == 0
    assert [call.code for call in fake.ledger.calls] == ["AIS.0103"]


def test_a_service_without_picture_is_tried_for_nothing_too(fake: FakeCloud):
    assert diagnose(keys(fake), MemoryTokens(), "invoice-verification").usable
    assert fake.ledger.units == 0


def test_tries_a_service_that_the_region_offers(fake: FakeCloud):
    diagnosis = diagnose(keys(fake, region="ap-southeast-2"), MemoryTokens())
    assert diagnosis.usable
    assert diagnosis.service != "general-text"


def test_keeps_the_token_it_got(fake: FakeCloud):
    tokens = MemoryTokens()
    diagnose(person(fake), tokens)
    diagnose(person(fake), tokens)
    assert tokens.kept is not None
    assert len(fake.ledger.sign_ins) == 2


def test_a_wrong_password(fake: FakeCloud):
    diagnosis = diagnose(person(fake, secret="wrong"), MemoryTokens())
    assert found(diagnosis) == "password-refused"
    assert isinstance(diagnosis.error, CredentialRefused)
    assert states(diagnosis) == {
        "keys": "passed",
        "address": "passed",
        "clock": "passed",
        "sign-in": "failed",
        "access": "untried",
        "project": "untried",
        "region": "untried",
        "service": "untried",
    }
    assert len(fake.ledger.failed_sign_ins) == 1


def test_an_account_that_became_a_huawei_id(fake: FakeCloud):
    fake.user.huawei_id = True
    fake.user.name = fake.account.name
    assert found(diagnose(person(fake), MemoryTokens())) == "account-login-refused"


def test_an_iam_user_named_like_the_account(cloud: ScriptedCloud, by_token: CloudAccess):
    cloud.answers = [error("NEW.1", "Unauthorised", 401)]
    access = dataclasses.replace(by_token, iam_user="office", domain="office")
    diagnosis = diagnose(access, MemoryTokens())
    assert found(diagnosis) == "user-is-account"
    assert len(cloud.signed_in) == len(cloud.asked) == 1


def test_a_locked_account(fake: FakeCloud):
    for _try in range(5):
        diagnose(person(fake, secret="wrong"), MemoryTokens())
    assert found(diagnose(person(fake), MemoryTokens())) == "account-locked"


def test_a_user_of_the_console_only(fake: FakeCloud):
    fake.user.programmatic = False
    diagnosis = diagnose(person(fake), MemoryTokens())
    assert found(diagnosis) == "console-only"
    assert states(diagnosis)["sign-in"] == "passed"


def test_a_token_without_project(cloud: ScriptedCloud, by_token: CloudAccess):
    body = {"token": {"expires_at": "2030-01-04T09:05:22.701000Z"}}
    cloud.sign_ins = [Canned(201, body, {"X-Subject-Token": "TOKEN"})]
    diagnosis = diagnose(by_token, MemoryTokens())
    assert found(diagnosis) == "token-without-project"
    assert cloud.asked == []


def test_a_region_without_project(fake: FakeCloud):
    del fake.account.projects["cn-north-4"]
    assert found(diagnose(keys(fake), MemoryTokens())) == "project-missing"


def test_a_project_of_another_region(cloud: ScriptedCloud, by_token: CloudAccess):
    cloud.answers = [error("APIG.0307", "The token must be updated.", 401)]
    diagnosis = diagnose(by_token, MemoryTokens())
    assert found(diagnosis) == "region-mismatch"
    assert len(cloud.signed_in) == 1


def test_keys_that_do_not_belong_together(fake: FakeCloud):
    diagnosis = diagnose(keys(fake, secret="Wrong"), MemoryTokens())
    assert found(diagnosis) == "key-refused"
    assert len(fake.ledger.refused_signatures) == 1


def test_keys_that_do_not_belong_together_with_a_known_project(fake: FakeCloud):
    project = fake.account.projects["cn-north-4"]
    diagnosis = diagnose(keys(fake, secret="Wrong", project_id=project), MemoryTokens())
    assert found(diagnosis) == "key-refused"
    assert states(diagnosis)["access"] == "untried"
    assert len(fake.ledger.refused_signatures) == 1


def test_stray_blanks_in_keys_cost_no_try(fake: FakeCloud):
    access = keys(fake, secret=f"{fake.user.secret_key}\n")
    assert found(diagnose(access, MemoryTokens())) == "stray-characters"
    assert fake.ledger.requests == []


def test_a_service_that_is_not_enabled(fake: FakeCloud):
    fake.account.not_subscribed.add("id-card")
    diagnosis = diagnose(keys(fake), MemoryTokens(), "id-card")
    assert found(diagnosis) == "not-subscribed"
    assert isinstance(diagnosis.error, ServiceRefused)
    assert diagnose(keys(fake), MemoryTokens(), "general-text").usable


def test_a_service_of_other_regions_only(fake: FakeCloud):
    access = keys(fake, region="ap-southeast-2")
    diagnosis = diagnose(access, MemoryTokens(), "general-text")
    assert found(diagnosis) == "service-elsewhere"
    assert diagnosis.error is None
    assert fake.ledger.calls == []


def test_a_frozen_account(fake: FakeCloud):
    fake.account.frozen = True
    diagnosis = diagnose(keys(fake), MemoryTokens())
    assert found(diagnosis) == "arrears"
    assert isinstance(diagnosis.error, CallsSuspended)


@pytest.mark.parametrize("part", ["iam_endpoint", "ocr_endpoint"])
def test_a_host_that_is_not_there(fake: FakeCloud, part: str):
    access = dataclasses.replace(person(fake), **{part: "http://cloud.nowhere.invalid"})
    diagnosis = diagnose(access, MemoryTokens())
    assert found(diagnosis) == "host-unknown"
    assert isinstance(diagnosis.error, TransientError)
    assert fake.ledger.sign_ins == []


def test_keys_with_a_project_need_no_iam(fake: FakeCloud):
    project = fake.account.projects["cn-north-4"]
    access = keys(fake, project_id=project)
    access = dataclasses.replace(access, iam_endpoint="http://cloud.nowhere.invalid")
    assert diagnose(access, MemoryTokens()).usable


def test_a_page_of_html_instead_of_the_cloud(cloud: ScriptedCloud, by_token: CloudAccess):
    cloud.sign_ins = [Canned(200, b"<html>Sign in to this network</html>")]
    diagnosis = diagnose(by_token, MemoryTokens())
    assert found(diagnosis) == "not-the-cloud"


def clock_ahead(**by: float) -> Canned:
    """What the gateway answers to the first knock, on a clock that is ahead of ours."""
    date = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(**by), usegmt=True)
    return Canned(404, {}, {"Date": date})


@pytest.mark.parametrize("minutes", [-20, 20, 60 * 24])
def test_a_wrong_clock_costs_keys_no_try(cloud: ScriptedCloud, by_keys: CloudAccess, minutes: int):
    cloud.root = clock_ahead(minutes=minutes)
    diagnosis = diagnose(by_keys, MemoryTokens())
    assert found(diagnosis) == "clock-off"
    assert cloud.asked == []


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 01 Jan 2024 00:00:00 -0000"])
def test_an_invalid_date_is_ignored(cloud: ScriptedCloud, by_token: CloudAccess, date: str):
    cloud.root = Canned(404, {}, {"Date": date})
    assert diagnose(by_token, MemoryTokens()).usable


def test_a_clock_that_drifts_is_a_warning(cloud: ScriptedCloud, by_keys: CloudAccess):
    cloud.root = clock_ahead(minutes=7)
    diagnosis = diagnose(by_keys, MemoryTokens())
    assert diagnosis.usable
    assert diagnosis.warning is not None
    assert "7" in diagnosis.warning.sentence
    assert states(diagnosis)["clock"] == "warned"


def test_a_throttled_check_does_not_fail_the_credential(fake: FakeCloud):
    fake.faults.fail("APIG.0308")
    diagnosis = diagnose(keys(fake), MemoryTokens())
    assert diagnosis.usable
    assert diagnosis.warning is not None
    assert diagnosis.warning.code == "service-busy"
    assert states(diagnosis)["service"] == "warned"


def test_passwords_work_on_a_wrong_clock(cloud: ScriptedCloud, by_token: CloudAccess):
    cloud.root = clock_ahead(minutes=20)
    diagnosis = diagnose(by_token, MemoryTokens())
    assert diagnosis.usable
    assert states(diagnosis)["clock"] == "warned"


@pytest.mark.parametrize(
    "response",
    [
        Canned(200, READ),
        error("AIS.0101", "The input parameter is invalid."),
        error("AIS.0105", "Recognition failed."),
    ],
)
def test_whatever_the_service_itself_answers_proves_the_way_to_it(
    cloud: ScriptedCloud, by_token: CloudAccess, response: Canned
):
    cloud.answers = [response]
    assert diagnose(by_token, MemoryTokens()).usable


@pytest.mark.parametrize(
    ("sign_in", "response"),
    [
        (iam_error("An unexpected error prevented the server", 500), Canned(200, READ)),
        (
            Canned(201, SIGNED_IN, {"X-Subject-Token": "T"}),
            error("APIG.0601", "Internal server error.", 500),
        ),
    ],
)
def test_transient_errors_of_the_cloud_are_problems_with_their_own_message(
    cloud: ScriptedCloud,
    by_token: CloudAccess,
    sign_in: Canned,
    response: Canned,
):
    cloud.sign_ins, cloud.answers = [sign_in], [response]
    diagnosis = diagnose(by_token, MemoryTokens())
    assert isinstance(diagnosis.error, TransientError)
    assert found(diagnosis) == diagnosis.error.code
