"""The exports of a job are requested in a menu, downloaded automatically, listed and deleted."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.test_journey import start, wait_for_end


def test_a_file_is_fetched_once_it_is_written_and_stays_in_the_list(visitor, portal, samples):
    page = visitor("downloader")
    page.locator("#id_files").set_input_files(samples / "screenshot_zh.webp")
    start(page)
    wait_for_end(page)

    page.get_by_role("button", name="Download", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Word", exact=True).click()
    assert waiting.value.suggested_filename == "screenshot_zh.docx"
    row = page.locator(".export")
    expect(row).to_contain_text("screenshot_zh.docx")
    expect(row).to_contain_text("100% of the text matches the recognition result.")

    with page.expect_download() as again:
        row.get_by_role("link", name="Download").click()
    assert again.value.suggested_filename == "screenshot_zh.docx"

    # A running export shows its progress until it is cancelled.
    portal.ask(
        "Export.objects.create(job=Job.objects.get(owner__username='downloader'), format='pdf', "
        "language='en', status='running', pages_total=1000, pages_written=250, "
        "lease_owner='h/1/1/1/1', lease_expires_at='2999-01-01T00:00:00Z').pk"
    )
    page.reload()
    first = page.locator(".export").first
    expect(first.get_by_role("progressbar")).to_have_attribute("value", "250")
    first.get_by_role("button", name="Cancel").click()
    expect(first).to_contain_text("Cancelled")
    first.get_by_role("button", name="Delete").click()
    expect(page.locator(".export")).to_have_count(1)
