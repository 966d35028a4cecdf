"""Files are chosen in a bucket and recognised, and the exports are saved to a bucket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_screens import violations
from tests.fakes.objectstore import ACCESS_KEY, SECRET_KEY, ObjectStore, object_store
from tests.portal import Portal


@pytest.fixture
def buckets(tmp_path: Path, samples: Path) -> Iterator[ObjectStore]:
    with object_store(tmp_path / "buckets") as running:
        picture = (samples / "screenshot_zh.webp").read_bytes()
        for name in ("2026/合同 1.webp", "2026/合同 2.webp", "notes.txt", "top.webp"):
            running.put(f"scans/{name}", picture)
        (running.folder / "results").mkdir()
        yield running


@pytest.fixture
def keyholder(portal: Portal, visitor, buckets: ObjectStore) -> Page:
    """The upload page of a user whose only credential has access to the buckets."""
    page: Page = visitor("collector", bypass_csp=True)
    portal.ask("Credential.objects.filter(owner__username='collector').delete()[0]")
    page.goto("/credentials/add/aksk/")
    page.get_by_label("Name of the credential").fill("Archive")
    page.get_by_label("Region").select_option("cn-north-4")
    page.get_by_label("Access key (AK)").fill(ACCESS_KEY)
    page.get_by_label("Secret key (SK)").fill(SECRET_KEY)
    page.get_by_role("button", name="Save").click()
    # Only administrators set endpoints.
    portal.ask(f"Credential.objects.filter(name='Archive').update(obs_endpoint={buckets.url!r})")
    return page


def test_files_are_chosen_in_a_bucket_and_results_saved_to_one(
    keyholder: Page, buckets: ObjectStore
):
    page = keyholder
    page.goto("/")
    page.get_by_text("Options", exact=True).click()
    page.get_by_role("link", name="Choose files from a bucket").click()
    page.get_by_role("link", name="scans").click()
    page.get_by_role("link", name="2026/").click()
    use = page.get_by_role("button", name="Use the selected files")
    expect(use).to_be_disabled()
    page.get_by_label("Select all shown").check()
    expect(use).to_have_text("Use the selected files (2)")
    page.get_by_label("合同 2.webp", exact=True).uncheck()
    assert violations(page) == []
    use.click()

    expect(page.get_by_label("Web addresses")).to_have_value("obs://scans/2026/合同 1.webp")
    expect(page.get_by_label("Credential for buckets")).to_contain_text("Archive")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")
    expect(page.locator("#progress .state")).to_have_text("Done", timeout=180_000)

    page.get_by_role("link", name="Save to a bucket").click()
    page.get_by_label("Bucket").fill("results")
    page.get_by_label("Folder").fill("2026")
    page.get_by_label("Text", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".delivery")).to_contain_text("2 files written")
    assert violations(page) == []
    written = {path.name for path in (buckets.folder / "results/2026").iterdir()}
    assert written == {"合同 1.docx", "合同 1.txt"}


def test_a_bucket_fits_a_phone(portal: Portal, keyholder: Page, visitor):
    phone = visitor("collector", width=390, has_touch=True, is_mobile=True, theme="dark")
    for address in ("/buckets/", "/buckets/?bucket=scans", "/buckets/?bucket=scans&search=webp"):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth") == 390
