"""Requirements of every screen: language, theme, phone width, accessibility."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.portal import Portal
from tests.screens import SCREENS

AXE = Path(__file__).parent / "vendor" / "axe" / "axe.min.js"
USER = "visitor"


@pytest.fixture
def addresses(portal: Portal, visitor) -> list[str]:
    """All screens of a user who has one finished job."""
    found = f"Page.objects.filter(job__owner__username={USER!r}, status='done').values('job', 'pk')"
    if not portal.ask(f"list({found})"):
        page = visitor(USER)
        page.get_by_role("button", name="Try it with a sample document").click()
        expect(page.locator("#progress .state")).to_have_text("Done", timeout=180_000)
    row = portal.ask(f"{found}.first()")
    return [address.format(job=row["job"], page=row["pk"]) for address in SCREENS]


def violations(page: Page) -> list[str]:
    """The violations that axe finds on the current page."""
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run()")["violations"]
    return [f"{fault['id']}: {node['html']}" for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_screen_is_accessible(visitor, addresses, theme, language):
    stranger = visitor(theme=theme, language=language, bypass_csp=True)
    page = visitor(USER, theme=theme, language=language, bypass_csp=True)
    faults = {}
    for visit, address in [(stranger, "/login/"), (stranger, "/nowhere/")] + [
        (page, address) for address in addresses
    ]:
        visit.goto(address)
        spoken = {"en": "en", "zh": "zh-hans"}[language]
        expect(visit.locator("html")).to_have_attribute("lang", spoken)
        expect(visit.locator("html")).to_have_attribute("data-bs-theme", theme)
        faults[address] = violations(visit)
    assert {address: found for address, found in faults.items() if found} == {}


def test_the_upload_page_stays_accessible_with_files_and_errors(visitor, samples):
    page = visitor(USER, bypass_csp=True)
    page.locator("#id_files").set_input_files([samples / "page_zh.png", samples / "empty.jpg"])
    page.get_by_text("Options").click()
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_screen_stays_accessible_with_blocks(visitor, addresses, theme):
    page = visitor(USER, theme=theme, bypass_csp=True)
    page.goto(next(address for address in addresses if address.startswith("/pages/")))
    page.get_by_label("Show blocks").check()
    page.locator("#text .block-label").first.click()
    assert violations(page) == []


def test_no_screen_is_wider_than_a_phone(visitor, addresses):
    phone = visitor(USER, width=390, has_touch=True, is_mobile=True)
    widths = {}
    for address in addresses:
        phone.goto(address)
        widths[address] = phone.evaluate("document.documentElement.scrollWidth")
    assert widths == dict.fromkeys(addresses, 390)


def test_the_language_stays_with_the_user(visitor):
    page = visitor("polyglot", language="en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/jobs/?name=%E4%BF%A1")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator("#id_name")).to_have_value("信")
    elsewhere = visitor("polyglot", language="en")
    expect(elsewhere.locator("html")).to_have_attribute("lang", "zh-hans")


def test_the_theme_stays_with_the_browser(visitor):
    page = visitor(theme="light")
    page.goto("/login/")
    page.get_by_role("button", name="Light or dark theme").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_administration_and_the_portal_agree_on_the_theme(visitor):
    page = visitor(theme="dark")
    page.goto("/admin/login/")
    expect(page.locator("html")).to_have_attribute("data-theme", "auto")
    page.goto("/login/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Light or dark theme").click()
    page.goto("/admin/login/")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_a_job_is_found_in_the_history_and_deleted_after_asking(visitor, samples):
    page = visitor("tidy")
    for name in ("page_en.tif", "screenshot_zh.webp"):
        page.goto("/")
        page.locator("#id_files").set_input_files(samples / name)
        page.get_by_role("button", name="Start").click()
        page.wait_for_url("**/jobs/*/")
        expect(page.locator("#progress .state")).to_have_text("Done", timeout=180_000)
    page.goto("/jobs/")
    names = page.locator(".history-name a")
    expect(names).to_have_text(["screenshot_zh.webp", "page_en.tif"])
    page.get_by_label("File name").fill("EN.tif")
    page.get_by_label("State").select_option("Done")
    page.get_by_role("button", name="Search").click()
    expect(names).to_have_text(["page_en.tif"])

    page.get_by_role("link", name="Delete: page_en.tif").click()
    page.get_by_role("link", name="Keep it").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“page_en.tif” was deleted.")).to_be_visible()
    expect(names).to_have_text(["screenshot_zh.webp"])


def test_everything_is_reached_by_the_keyboard(visitor, addresses):
    page = visitor(USER)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#id_files")).to_be_focused()


def test_a_rotated_page_is_centred_in_its_card(visitor, samples, tmp_path):
    page = visitor("turner")
    turned = tmp_path / "turned.png"
    with Image.open(samples / "page_en.tif") as upright:
        upright.transpose(Image.Transpose.ROTATE_90).save(turned)
    page.locator("#id_files").set_input_files(turned)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")
    expect(page.locator(".thumb.turn-90 img")).to_be_visible(timeout=180_000)
    frame, picture = (page.locator(part).bounding_box() for part in (".thumb", ".thumb img"))
    for start, size in (("x", "width"), ("y", "height")):
        middles = [box[start] + box[size] / 2 for box in (frame, picture)]
        assert middles[0] == pytest.approx(middles[1], abs=1)
        assert picture[size] <= frame[size]
