"""A job for the cloud from the choice of a service to the values on the screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_screens import violations
from tests.fakes.cloud import FakeCloud
from tests.portal import Portal

USER = "clerk"
FINISHED = {"timeout": 180_000}


@pytest.fixture
def clerk(portal: Portal, visitor, cloud: FakeCloud):
    """Open the upload page as a user with a credential for the cloud of this test."""

    def clerk(**options) -> Page:
        page: Page = visitor(USER, **options)
        add_key(portal, cloud)
        page.reload()
        return page

    return clerk


def add_key(portal: Portal, cloud: FakeCloud) -> None:
    """Set the endpoints of this test, which only an administrator may do."""
    portal.ask(f"Credential.objects.filter(owner__username={USER!r}).delete()")
    portal.ask(
        "__import__('ocrportal.accounts.credential_changes', fromlist=['x']).add_credential("
        f"user=User.objects.get(username={USER!r}), owner=User.objects.get(username={USER!r}), "
        "kind='aksk', values={'name': 'Office', 'region': 'cn-north-4', "
        f"'access_key': {cloud.user.access_key!r}, 'secret': {cloud.user.secret_key!r}, "
        f"'ocr_endpoint': {cloud.url!r}, 'iam_endpoint': {cloud.url!r}}}).pk"
    )


def choose(page: Page, service: str, find: str = "") -> None:
    """Search for a service of the cloud and choose it by its key."""
    page.get_by_label("Huawei Cloud OCR").check()
    expect(page.locator("#id_credential")).to_be_visible()
    page.locator("#service-picker > summary").click()
    page.get_by_label("Find a service").fill(find)
    page.locator(f'[name="service"][value="{service}"]').click()
    expect(page.locator("#service-picker")).not_to_have_attribute("open", "")


def test_a_card_is_read_and_its_values_are_copied(clerk, samples):
    page = clerk(bypass_csp=True, permissions=["clipboard-read", "clipboard-write"])
    choose(page, "id-card", find="id mainland")
    expect(page.locator("#service-name")).to_have_text("ID Card (mainland China)")
    page.get_by_text("Settings for “ID Card (mainland China)”").click()
    page.get_by_label("Side", exact=True).select_option("front")
    page.locator("#id_files").set_input_files(samples / "page_zh.png")
    assert violations(page) == []
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")
    expect(page.locator("#progress .state")).to_have_text("Done", **FINISHED)

    page.locator(".page-card a").click()
    row = page.get_by_role("row", name="Name 张三")
    row.get_by_role("button", name="Copy: Name").click()
    expect(row.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "张三"
    page.get_by_role("button", name="Copy fields").click()
    expect(page.locator("[data-copy-key=fields]")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("Name\t张三\nSex\t男")
    page.get_by_text("Raw response").click()
    expect(page.locator(".raw-answer")).to_contain_text('"name": "张三"')
    assert violations(page) == []


def test_several_pages_wait_until_their_calls_are_seen(clerk, samples, cloud: FakeCloud):
    page = clerk(bypass_csp=True)
    choose(page, "seal")
    page.locator("#id_files").set_input_files(samples / "scans.pdf")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")
    expect(page.get_by_role("button", name="Start: 5 calls")).to_be_visible(**FINISHED)
    expect(page.get_by_text("5 calls will be made with “Office”.")).to_be_visible()
    assert cloud.ledger.calls == []
    assert violations(page) == []
    page.get_by_role("button", name="Start: 5 calls").click()
    expect(page.locator("#progress .state")).to_have_text("Done", **FINISHED)
    assert len(cloud.ledger.calls) == 5


@pytest.mark.parametrize("width", [390, 1366])
def test_an_invoice_fits_the_screen_and_points_to_its_places(
    clerk, samples, cloud: FakeCloud, width
):
    cloud.answers.answer_with("vat-invoice", "located")
    page = clerk(width=width, bypass_csp=True)
    choose(page, "vat-invoice")
    page.locator("#id_files").set_input_files(samples / "page_zh.png")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")
    expect(page.locator("#progress .state")).to_have_text("Done", **FINISHED)
    page.locator(".page-card a").click()
    expect(page.get_by_role("columnheader", name="Goods or service")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page) == []
    page.get_by_role("row", name="Invoice code").hover()
    expect(page.locator(".outline.is-near")).to_have_count(1)


def test_a_service_that_asks_for_values_takes_no_file(clerk):
    page = clerk(bypass_csp=True)
    choose(page, "invoice-verification")
    expect(page.locator("#drop-area")).to_be_hidden()
    assert violations(page) == []
    page.get_by_role("button", name="Start").click()
    wrong = page.locator('[data-field-error="option-number"]')
    expect(wrong).to_have_text("This field is required.")
    page.get_by_label("Invoice number").fill("12345678")
    page.get_by_label("Invoice code").fill("044001900111")
    page.get_by_label("Date of issue").fill("2024-01-05")
    page.get_by_label("Check code").fill("123456")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")
    expect(page.locator("#progress .state")).to_have_text("Done", **FINISHED)


def test_a_refused_key_pauses_the_job_until_it_is_fixed(portal, clerk, samples, cloud: FakeCloud):
    page = clerk(bypass_csp=True)
    cloud.faults.fail("ModelArts.4204", "Request api error!", times=1, service="seal")
    choose(page, "seal")
    page.locator("#id_files").set_input_files(samples / "page_zh.png")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")
    job = page.url
    expect(page.get_by_text("The pages are waiting and will not fail.")).to_be_visible(**FINISHED)
    assert violations(page) == []
    page.get_by_role("button", name="Fixed: check again").click()
    expect(page.get_by_text("The credential works")).to_be_visible()
    page.goto(job)
    expect(page.locator("#progress .state")).to_have_text("Done", **FINISHED)


def test_without_scripts_everything_can_be_chosen_as_well(clerk, samples):
    page = clerk(java_script_enabled=False)
    page.get_by_label("Huawei Cloud OCR").check()
    page.get_by_role("button", name="Update the choices").click()
    page.locator("#service-picker > summary").click()
    page.locator('[name="service"][value="id-card"]').check()
    page.get_by_role("button", name="Update the choices").click()
    page.get_by_text("Settings for “ID Card (mainland China)”").click()
    page.get_by_label("Side", exact=True).select_option("back")
    page.locator("#id_files").set_input_files(samples / "page_zh.png")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")
    expect(page.get_by_text("Huawei Cloud OCR (Office, CN North-Beijing4)")).to_be_visible()
