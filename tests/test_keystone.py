"""Sign-in at OpenStack Keystone, from which Huawei Cloud's IAM is derived.

The test cloud provides the services and validates each token with Keystone.
"""

import dataclasses
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from PIL import Image

from ocrportal.catalogue.spec import services
from ocrportal.engines.cloud import CallReport, CloudAccess
from ocrportal.engines.huawei.auth.iam import sign_in
from ocrportal.engines.huawei.engine import HuaweiEngine
from ocrportal.errors.engine import CredentialRefused
from ocrportal.results import PageResult
from tests.engines.huawei.scripted import MemoryTokens
from tests.fakes.cloud import FakeCloud
from tests.fakes.keystone import Keystone
from tests.fakes.keystone.server import FAILURES_BEFORE_LOCK

REGION = "cn-north-4"
ACCOUNT = "office"
PASSWORD = "Correct-Horse-7"
SERVICE = services()["id-card"]
NUMBERS = count(1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keystone")


@pytest.fixture(scope="module")
def keystone(folder: Path) -> Iterator[Keystone]:
    with Keystone(folder) as running:
        yield running


@pytest.fixture(scope="module")
def project_id(keystone: Keystone) -> str:
    return keystone.add_account(ACCOUNT, REGION)[REGION]


@pytest.fixture
def cloud(keystone: Keystone) -> Iterator[FakeCloud]:
    with FakeCloud(token_check=keystone.caller) as running:
        yield running


@pytest.fixture
def clerk(keystone: Keystone, project_id: str, cloud: FakeCloud) -> CloudAccess:
    """The credential of a new user. Keystone identifies a project by its id."""
    name = f"clerk-{next(NUMBERS)}"
    keystone.add_user(ACCOUNT, name, PASSWORD, project_id)
    return CloudAccess(
        kind="token",
        region=REGION,
        secret=PASSWORD,
        iam_user=name,
        domain=ACCOUNT,
        project_id=project_id,
        iam_endpoint=keystone.url,
        ocr_endpoint=cloud.url,
    )


@pytest.fixture
def tokens() -> MemoryTokens:
    return MemoryTokens()


def read_a_card(access: CloudAccess, tokens: MemoryTokens) -> PageResult:
    reports: list[CallReport] = []
    engine = HuaweiEngine(access, tokens, reports.append)
    return engine.recognise(Image.new("RGB", (400, 300), "white"), SERVICE, {})


def test_the_right_password_gets_a_token_for_the_project(clerk: CloudAccess):
    token = sign_in(clerk)
    assert token.value
    assert token.project_id == clerk.project_id


def test_the_token_opens_the_service(clerk: CloudAccess, tokens: MemoryTokens, cloud: FakeCloud):
    assert read_a_card(clerk, tokens).fields
    assert cloud.ledger.calls[0].caller == clerk.iam_user


def test_a_wrong_password_is_reported_as_such(clerk: CloudAccess):
    with pytest.raises(CredentialRefused) as refused:
        sign_in(dataclasses.replace(clerk, secret="wrong"))
    assert refused.value.params["cloud_code"] == "IAM:bad-credentials"
    assert "wrong" not in str(refused.value.params["cloud_message"])


def test_a_wrong_password_is_sent_once_and_no_further(
    keystone: Keystone, clerk: CloudAccess, tokens: MemoryTokens, cloud: FakeCloud
):
    """Keystone locks a user after a few failures, so the engine must not repeat them."""
    for _ in range(FAILURES_BEFORE_LOCK - 1):
        with pytest.raises(CredentialRefused):
            read_a_card(dataclasses.replace(clerk, secret="wrong"), tokens)
    assert cloud.ledger.calls == []
    assert sign_in(clerk).value


def test_a_locked_user_is_refused_with_the_right_password_too(clerk: CloudAccess):
    """Unlike Huawei Cloud, Keystone does not report the lock."""
    for _ in range(FAILURES_BEFORE_LOCK):
        with pytest.raises(CredentialRefused):
            sign_in(dataclasses.replace(clerk, secret="wrong"))
    with pytest.raises(CredentialRefused) as refused:
        sign_in(clerk)
    assert refused.value.params["cloud_code"] == "IAM:bad-credentials"


def test_a_token_that_was_revoked_is_renewed_and_the_call_repeated(
    keystone: Keystone, clerk: CloudAccess, tokens: MemoryTokens, cloud: FakeCloud
):
    read_a_card(clerk, tokens)
    first = tokens.kept
    assert first is not None
    keystone.revoke(first.value)

    assert read_a_card(clerk, tokens).fields
    assert tokens.kept is not None
    assert tokens.kept.value != first.value
    assert [call.code for call in cloud.ledger.calls] == ["", "APIG.0307", ""]


def test_a_password_changed_meanwhile_costs_one_failed_sign_in(
    keystone: Keystone, project_id: str, clerk: CloudAccess, tokens: MemoryTokens, cloud: FakeCloud
):
    access = dataclasses.replace(clerk, iam_user=f"clerk-{next(NUMBERS)}")
    user = keystone.add_user(ACCOUNT, access.iam_user, PASSWORD, project_id)
    read_a_card(access, tokens)
    keystone.change_password(user, "Another-Horse-8")

    with pytest.raises(CredentialRefused) as refused:
        read_a_card(access, tokens)
    assert refused.value.params["cloud_code"] == "IAM:bad-credentials"
    assert read_a_card(dataclasses.replace(access, secret="Another-Horse-8"), MemoryTokens()).fields


def test_an_expired_token_is_renewed(
    keystone: Keystone, folder: Path, clerk: CloudAccess, tokens: MemoryTokens, cloud: FakeCloud
):
    """The first token comes from another Keystone, whose tokens expire after a second."""
    with Keystone(folder, token_seconds=1) as hasty:
        tokens.kept = first = sign_in(dataclasses.replace(clerk, iam_endpoint=hasty.url))
    keystone.wait_until_expired(first.value)

    assert read_a_card(clerk, tokens).fields
    assert tokens.kept.value != first.value
    assert [call.code for call in cloud.ledger.calls] == ["APIG.0307", ""]
