"""Files that wait for a password, that failed or that came in an archive, on the page of a job."""

from __future__ import annotations

import zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_screens import violations

READ_MS = 180_000


def upload(page: Page, *paths) -> None:
    page.goto("/")
    page.locator("#id_files").set_input_files(list(paths))
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")


@pytest.mark.parametrize(("width", "theme"), [(1366, "light"), (390, "dark")])
def test_the_password_of_a_file_is_entered_on_its_card(visitor, samples, width, theme):
    page = visitor(f"keeper{width}", width=width, theme=theme, bypass_csp=True)
    upload(page, samples / "password_abc.pdf")
    field = page.get_by_label("Password of password_abc.pdf")
    expect(field).to_be_visible(timeout=READ_MS)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    field.fill("nonsense")
    page.get_by_role("button", name="Open: password_abc.pdf").click()
    message = page.get_by_text("This password does not open the file.")
    expect(message).to_be_visible(timeout=READ_MS)
    field.fill("abc")
    page.keyboard.press("Enter")
    expect(page.locator("#progress .state")).to_have_text("Done", timeout=READ_MS)
    expect(field).to_have_count(0)


@pytest.mark.parametrize(("width", "theme"), [(1366, "dark"), (390, "light")])
def test_three_failed_files_show_cause_and_remedy(visitor, samples, width, theme):
    page = visitor(f"reader{width}", width=width, theme=theme, bypass_csp=True)
    names = ("page_en.tif", "html.jpg", "truncated.pdf", "password_abc.pdf")
    upload(page, *(samples / name for name in names))
    expect(page.locator(".job-progress .files-failed")).to_have_text(
        "3 files could not be read", timeout=READ_MS
    )
    expect(page.locator("#progress .state")).to_have_text("Partly done", timeout=READ_MS)
    expect(page.locator(".document-error")).to_have_count(3)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_files_of_an_archive_are_listed_below_it(visitor, samples, tmp_path):
    with zipfile.ZipFile(tmp_path / "scans.zip", "w") as archive:
        archive.write(samples / "page_en.tif", "letters/1.tif")
        archive.write(samples / "html.jpg", "notes.jpg")
    page = visitor("packer", bypass_csp=True)
    upload(page, tmp_path / "scans.zip")
    expect(page.locator("#progress .state")).to_have_text("Partly done", timeout=READ_MS)
    heading = page.locator(".is-archive > .document-heading")
    expect(heading).to_contain_text("scans.zip")
    expect(heading).to_contain_text("2 files")
    expect(heading).to_contain_text("1 file could not be read")
    expect(page.locator(".is-archive .page-number")).to_have_text(["letters/1.tif"])
    expect(page.locator(".is-archive .document-error")).to_have_count(1)
    assert violations(page) == []
