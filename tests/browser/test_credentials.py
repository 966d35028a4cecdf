"""A credential is added and checked with the test cloud."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_screens import violations
from tests.fakes.cloud import FakeCloud
from tests.portal import Portal


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    with FakeCloud() as running:
        yield running


def add_key(page: Page, name: str, access_key: str, secret: str) -> None:
    page.goto("/")
    page.get_by_role("button", name="keyholder").click()
    page.get_by_role("link", name="My credentials").click()
    page.get_by_role("link", name="Add a credential").click()
    page.get_by_role("link", name="Add an access key").click()
    page.get_by_label("Name of the credential").fill(name)
    page.get_by_label("Region").select_option("cn-north-4")
    page.get_by_label("Access key (AK)").fill(access_key)
    page.get_by_label("Secret key (SK)").fill(secret)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"“{name}” was added.")).to_be_visible()


def test_a_credential_is_added_checked_fixed_and_removed(portal: Portal, visitor, cloud: FakeCloud):
    page: Page = visitor("keyholder", bypass_csp=True)
    add_key(page, "Office", cloud.user.access_key, "not-the-secret-key")
    # Only administrators set endpoints, and internal ones must be in INTERNAL_HOSTS.
    addresses = f"ocr_endpoint={cloud.url!r}, iam_endpoint={cloud.url!r}"
    portal.ask(f"Credential.objects.filter(name='Office').update({addresses})")

    card = page.get_by_role("article", name="Office")
    expect(card.get_by_text("Not checked yet")).to_be_visible()
    card.get_by_role("button", name="Check").click()
    expect(card.get_by_text("AK and SK do not match.")).to_be_visible()
    expect(card.get_by_text("Paused")).to_be_visible()
    assert len(cloud.ledger.refused_signatures) == 1
    assert violations(page) == []

    card.get_by_role("link", name="Change").click()
    page.get_by_label("Secret key (SK)").fill(cloud.user.secret_key)
    page.get_by_role("button", name="Save").click()
    expect(card.get_by_text("Not checked yet")).to_be_visible()
    card.get_by_role("button", name="Check").click()
    expect(card.get_by_text("The credential works")).to_be_visible()
    expect(card.get_by_role("button", name="Check")).to_be_enabled()
    assert len(cloud.ledger.refused_signatures) == 1

    card.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("“Office” was removed.")).to_be_visible()


def test_without_scripts_the_check_is_a_page_of_its_own(portal: Portal, visitor, cloud: FakeCloud):
    page: Page = visitor("keyholder", java_script_enabled=False)
    page.goto("/credentials/add/aksk/")
    page.get_by_label("Name of the credential").fill("Plain")
    page.get_by_label("Region").select_option("cn-north-4")
    page.get_by_label("Access key (AK)").fill(cloud.user.access_key)
    page.get_by_label("Secret key (SK)").fill(cloud.user.secret_key)
    page.get_by_role("button", name="Save").click()
    addresses = f"ocr_endpoint={cloud.url!r}, iam_endpoint={cloud.url!r}"
    portal.ask(f"Credential.objects.filter(name='Plain').update({addresses})")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="Plain", level=2)).to_be_visible()
    expect(page.get_by_text("The credential works")).to_be_visible()
