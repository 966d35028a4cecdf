"""The parts of the test cloud that the vendor's SDK does not cover.

These are sign-in with a password, tokens, regions, network faults, and running as a program. The
expected bodies are those of the API reference.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from requests.exceptions import ChunkedEncodingError

from tests.conftest import SAMPLES
from tests.fakes.cloud import FakeCloud
from tests.fakes.cloud.iam import User
from tests.portal import ROOT

REGION = "cn-north-4"
PASSWORD_REFUSED = {
    "error": {
        "code": 401,
        "message": "The username or password is wrong.",
        "title": "Unauthorized",
    }
}


def sign_in(cloud: FakeCloud, user: User | None = None, **changes: str) -> requests.Response:
    user = user or cloud.user
    login = {
        "name": user.name,
        "password": changes.get("password", user.password),
        "domain": {"name": changes.get("domain", user.account.name)},
    }
    auth: dict[str, Any] = {"identity": {"methods": ["password"], "password": {"user": login}}}
    region = changes.get("region", REGION)
    if region:
        auth["scope"] = {"project": {"name": region}}
    url = f"{cloud.url}/v3/auth/tokens?nocatalog=true"
    return requests.post(url, json={"auth": auth}, timeout=10)


def token_of(cloud: FakeCloud, user: User | None = None, **changes: str) -> str:
    answer = sign_in(cloud, user, **changes)
    assert answer.status_code == 201, answer.text
    return answer.headers["X-Subject-Token"]


def call(cloud: FakeCloud, token: str, region: str = REGION) -> requests.Response:
    """Call a service that needs no image."""
    return requests.post(
        f"{cloud.url}/v2/{cloud.account.projects[region]}/ocr/invoice-verification",
        json={"code": "", "number": "00000001", "issue_date": "2024-09-23"},
        headers={"X-Auth-Token": token},
        timeout=10,
    )


def error_of(answer: requests.Response) -> tuple[int, str, str]:
    body = answer.json()
    return answer.status_code, body["error_code"], body["error_msg"]


def test_a_sign_in_is_answered_as_the_reference_prints_it(cloud: FakeCloud):
    answer = sign_in(cloud)
    token = answer.json()["token"]
    printed = {"catalog", "expires_at", "issued_at", "methods", "project", "roles", "user"}
    assert answer.status_code == 201
    assert set(token) == printed
    assert token["project"]["id"] == cloud.account.projects[REGION]
    assert set(token["user"]) == {"domain", "id", "name", "password_expires_at"}


def test_five_wrong_passwords_lock_the_user_for_fifteen_minutes(cloud: FakeCloud):
    for _ in range(5):
        refused = sign_in(cloud, password="wrong")
        assert (refused.status_code, refused.json()) == (401, PASSWORD_REFUSED)
    assert sign_in(cloud).json()["error"]["message"] == "The account is locked."
    assert len(cloud.ledger.failed_sign_ins) == 6

    cloud.clock.advance(15 * 60)
    assert sign_in(cloud).status_code == 201


def test_failures_long_ago_do_not_lock(cloud: FakeCloud):
    for _ in range(4):
        sign_in(cloud, password="wrong")
    cloud.clock.advance(15 * 60)
    sign_in(cloud, password="wrong")
    assert sign_in(cloud).status_code == 201


class TestASignInIsRefused:
    def test_with_the_name_of_another_account(self, cloud: FakeCloud):
        refused = sign_in(cloud, domain="another-account").json()
        assert refused["error"]["message"] == "The userInfo is wrong"

    def test_for_an_account_upgraded_to_a_huawei_id(self, cloud: FakeCloud):
        cloud.user.huawei_id = True
        assert sign_in(cloud).json() == PASSWORD_REFUSED

    def test_without_programmatic_access(self, cloud: FakeCloud):
        cloud.user.programmatic = False
        refused = sign_in(cloud)
        assert (refused.status_code, refused.json()["error"]["title"]) == (403, "Forbidden")

    def test_for_a_region_where_the_account_has_no_project(self, cloud: FakeCloud):
        del cloud.account.projects[REGION]
        assert sign_in(cloud).status_code == 404

    def test_with_an_invalid_body(self, cloud: FakeCloud):
        url = f"{cloud.url}/v3/auth/tokens"
        refused = requests.post(url, json={"auth": {}}, timeout=10)
        assert refused.json() == {
            "error": {"code": 400, "message": "The request body is invalid", "title": "Bad Request"}
        }


class TestAToken:
    def test_opens_the_services_of_its_project(self, cloud: FakeCloud):
        assert call(cloud, token_of(cloud)).status_code == 200

    def test_ends_after_a_day(self, cloud: FakeCloud):
        token = token_of(cloud)
        cloud.clock.advance(24 * 3600)
        status, code, message = error_of(call(cloud, token))
        assert (status, code) == (401, "APIG.0301")
        assert ": token expires, expires_at:" in message

    def test_ends_with_the_password(self, cloud: FakeCloud):
        token = token_of(cloud)
        cloud.iam.change_password(cloud.user, "Another-Horse-8")
        refused = call(cloud, token)
        assert error_of(refused) == (401, "APIG.0307", "The token must be updated.")
        assert refused.json()["request_id"] == refused.headers["X-Request-Id"]
        assert call(cloud, token_of(cloud)).status_code == 200

    def test_is_not_good_for_another_region(self, cloud: FakeCloud):
        answer = call(cloud, token_of(cloud), region="cn-east-3")
        assert error_of(answer)[1] == "APIG.0307"

    def test_of_the_whole_account_has_no_project(self, cloud: FakeCloud):
        assert error_of(call(cloud, token_of(cloud, region="")))[1] == "ModelArts.0212"

    def test_of_a_user_named_like_the_account_is_refused(self, cloud: FakeCloud):
        name = cloud.account.name
        namesake = User(name, "Correct-Horse-7", cloud.account, "AK", "SK")
        cloud.iam.users.append(namesake)
        refused = call(cloud, token_of(cloud, namesake))
        assert (refused.status_code, refused.text) == (401, "Unauthorized")

    def test_is_required(self, cloud: FakeCloud):
        assert "x-auth-token not found" in error_of(call(cloud, ""))[2]
        assert "decrypt token fail" in error_of(call(cloud, "no token at all"))[2]


class TestOnDemand:
    def test_the_connection_is_reset(self, cloud: FakeCloud):
        cloud.faults.misbehave("reset")
        with pytest.raises(requests.ConnectionError):
            call(cloud, token_of(cloud))

    def test_the_answer_ends_in_its_middle_and_is_billed(self, cloud: FakeCloud):
        cloud.faults.misbehave("truncate")
        with pytest.raises(ChunkedEncodingError):
            call(cloud, token_of(cloud))
        assert cloud.ledger.units == 1

    @pytest.mark.parametrize(("kind", "status"), [("html", 200), ("empty", 502)])
    def test_a_proxy_answers_instead(self, cloud: FakeCloud, kind: Any, status: int):
        cloud.faults.misbehave(kind)
        answer = call(cloud, token_of(cloud))
        assert answer.status_code == status
        with pytest.raises(requests.JSONDecodeError):
            answer.json()
        assert cloud.ledger.units == 0

    def test_the_server_does_not_answer(self, cloud: FakeCloud):
        cloud.faults.misbehave("hang", part="sign-in")
        url = f"{cloud.url}/v3/auth/tokens"
        with pytest.raises(requests.ReadTimeout):
            requests.post(url, json={}, timeout=0.2)

    def test_faults_come_in_order_and_then_no_more(self, cloud: FakeCloud):
        cloud.faults.fail("AIS.0105", times=2)
        cloud.faults.fail("APIG.0601", service="id-card")
        token = token_of(cloud)
        codes = [call(cloud, token).json().get("error_code") for _ in range(3)]
        assert codes == ["AIS.0105", "AIS.0105", None]


def test_the_ledger_records_the_number_of_concurrent_calls(cloud: FakeCloud):
    token = token_of(cloud)
    cloud.faults.misbehave("hang", times=3)
    ends = time.monotonic() + 60
    with ThreadPoolExecutor(3) as callers:
        waiting = [callers.submit(call, cloud, token) for _ in range(3)]
        while cloud.ledger.most_at_once < 3 and time.monotonic() < ends:
            time.sleep(0.01)
        cloud.faults.close()
    assert cloud.ledger.most_at_once == 3
    assert all(isinstance(one.exception(), requests.ConnectionError) for one in waiting)


def test_the_ledger_reports_an_image_that_is_billed_twice(cloud: FakeCloud):
    cloud.internet["https://example.com/a.png"] = (SAMPLES / "page_zh.png").read_bytes()
    token, url = (
        token_of(cloud),
        f"{cloud.url}/v2/{cloud.account.projects[REGION]}/ocr/general-text",
    )
    for expected in (0, 1):
        requests.post(
            url,
            json={"url": "https://example.com/a.png"},
            headers={"X-Auth-Token": token},
            timeout=10,
        )
        assert len(cloud.ledger.billed_twice()) == expected


@pytest.fixture
def program() -> Iterator[str]:
    """The URL of a test cloud that runs as a separate program."""
    command = [sys.executable, "-m", "tests.fakes.cloud"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()
        assert process.wait(20) == 0


def test_a_separate_cloud_program_accepts_control_requests(program: str):
    order = {"do": "faults.fail", "with": {"code": "APIG.0201", "message": "Backend timeout."}}
    assert requests.post(f"{program}/_control", json=order, timeout=10).ok
    refused = requests.post(f"{program}/v2/project/ocr/id-card", data=b"{}", timeout=10)
    assert error_of(refused) == (504, "APIG.0201", "Backend timeout.")

    wrong = requests.post(f"{program}/_control", data=json.dumps({"do": "explode"}), timeout=10)
    assert wrong.status_code == 400
    state = requests.get(f"{program}/_control", timeout=10).json()
    assert [one["code"] for one in state["calls"]] == ["APIG.0201"]
    assert state["units"] == 0
