"""Choosing files on the upload page."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import sign_in

PASTE = """() => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 40;
    canvas.toBlob((blob) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([blob], "image.png", { type: "image/png" }));
        const event = new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true });
        document.body.dispatchEvent(event);
    });
}"""


def test_a_pasted_screenshot_gets_a_descriptive_name(visitor):
    page = visitor("paster")
    page.evaluate(PASTE)
    name = re.compile(r"^Pasted image \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png$")
    expect(page.locator(".file-label")).to_have_text(name)
    expect(page.locator(".file-picture img")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pasted image")


def test_files_are_shown_before_they_are_sent_and_can_be_taken_back(visitor, drop, samples):
    page = visitor("sorter")
    expect(page.get_by_role("button", name="Start")).to_be_disabled()
    drop(page, samples / "page_zh.png", samples / "scans.pdf")
    page.locator("#id_files").set_input_files(samples / "page_en.tif")
    expect(page.locator(".file-row")).to_have_count(3)
    expect(page.locator(".file-size")).to_have_text(["181 KB", "1,007 KB", "38 KB"])
    page.get_by_role("button", name="Remove: scans.pdf").click()
    expect(page.locator(".file-name")).to_have_text(["page_zh.png", "page_en.tif"])


def test_an_empty_file_is_reported_before_the_upload(visitor, samples):
    page = visitor("emptier")
    page.locator("#id_files").set_input_files([samples / "empty.jpg", samples / "page_zh.png"])
    expect(page.locator(".file-row.is-refused")).to_contain_text("This file is empty (0 bytes).")
    expect(page.get_by_role("button", name="Start")).to_be_disabled()
    page.get_by_role("button", name="Remove: empty.jpg").click()
    expect(page.get_by_role("button", name="Start")).to_be_enabled()


def test_what_the_portal_refuses_stays_chosen_with_its_reason(visitor, samples):
    page = visitor("refused")
    page.locator("#id_files").set_input_files(samples / "html.jpg")
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".file-error")).to_have_text(
        "This file is already text (HTML), so there is nothing to recognise."
    )
    expect(page.locator(".file-name")).to_have_text("html.jpg")


def test_a_wrong_page_range_is_reported_at_its_field(visitor, samples):
    page = visitor("ranger")
    page.locator("#id_files").set_input_files(samples / "scans.pdf")
    page.get_by_text("Options").click()
    page.get_by_label("Pages", exact=True).fill("three")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#id_pages_error")).to_contain_text("“three” is not a page range.")
    page.get_by_label("Pages", exact=True).fill("4")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")
    expect(page.locator(".page-number")).to_have_text(["Page 4"])


def test_sending_can_be_cancelled_and_started_again(visitor, samples):
    page = visitor("hesitant")
    page.locator("#id_files").set_input_files(samples / "scans.pdf")
    page.route("**/jobs/", lambda route: None)  # the upload does not finish
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".file-progress")).to_be_visible()
    page.get_by_role("button", name="Cancel the upload").click()
    expect(page.get_by_role("button", name="Start")).to_be_enabled()
    page.unroute("**/jobs/")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")


def test_who_was_signed_out_meanwhile_loses_nothing(portal, visitor, samples):
    page = visitor("sleeper")
    page.locator("#id_files").set_input_files(samples / "page_zh.png")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#form-errors")).to_contain_text("You were signed out.")
    expect(page.locator(".file-name")).to_have_text("page_zh.png")

    sign_in(portal, page.context.new_page(), "sleeper")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")


def test_a_portal_out_of_reach_loses_nothing(visitor, samples):
    page = visitor("unplugged")
    page.locator("#id_files").set_input_files(samples / "page_zh.png")
    page.context.set_offline(True)
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#form-errors")).to_contain_text("The portal cannot be reached.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")


def test_without_scripts_the_form_still_works(visitor, samples):
    page = visitor("plain", java_script_enabled=False)
    page.locator("#id_files").set_input_files([samples / "page_en.tif", samples / "page_zh.png"])
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")
    expect(page.get_by_role("heading", level=1)).to_have_text("page_en.tif and 1 more file")


def test_a_phone_offers_its_camera(visitor):
    phone = visitor("photographer", width=390, has_touch=True, is_mobile=True)
    camera = phone.get_by_label("Take a photo")
    expect(camera).to_have_attribute("capture", "environment")
    expect(phone.locator("label", has=camera)).to_be_visible()
    desk = visitor("photographer")
    expect(desk.locator("label", has=desk.get_by_label("Take a photo"))).to_be_hidden()
