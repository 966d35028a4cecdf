"""The usage page with calls."""

from __future__ import annotations

import csv

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_screens import violations
from tests.portal import Portal

USER = "caller"
CALLS = """[
    Call.objects.create(
        user=User.objects.get(username='caller'), user_name='caller', credential_name='office',
        service=service, region='cn-north-4', status=400 if code else 200, code=code,
        milliseconds=800, bytes_sent=100_000, units=0 if code else 1,
    ).pk
    for service, code in [('general-text', ''), ('id-card', ''), ('id-card', 'AIS.0103')] * 5
]"""


@pytest.fixture
def usage(portal: Portal, visitor):
    """Open the usage page of a user who made ten calls that succeeded and five that did not."""

    def usage(**options) -> Page:
        page: Page = visitor(USER, **options)
        if not portal.ask(f"Call.objects.filter(user_name={USER!r}).count()"):
            portal.ask(CALLS)
        page.goto("/usage/")
        return page

    return usage


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1366])
def test_figures_and_chart_are_accessible_and_fit(usage, theme, width):
    page = usage(theme=theme, width=width, bypass_csp=True)
    expect(page.locator(".bar-failed")).to_have_count(1)
    page.get_by_text("As a table").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    plot, bar = (page.locator(part).bounding_box() for part in (".chart-plot", ".bar-succeeded"))
    assert plot["x"] <= bar["x"]
    assert bar["x"] + bar["width"] <= plot["x"] + plot["width"]
    # Ten calls; the scale ends at fifteen.
    assert bar["height"] == pytest.approx(120, abs=2)


def test_the_days_are_asked_for_once_they_matter(usage):
    page = usage()
    expect(page.get_by_label("From", exact=True)).to_be_hidden()
    page.get_by_label("Period").select_option("Custom")
    page.get_by_label("From", exact=True).fill("2026-03-02")
    page.get_by_label("To", exact=True).fill("2026-03-01")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("The end date must not be before the start date.")).to_be_visible()
    expect(page.get_by_label("To", exact=True)).to_have_accessible_description(
        "The end date must not be before the start date."
    )
    page.get_by_label("To", exact=True).fill("2026-03-03")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("No calls in this period.")).to_be_visible()


def test_the_calls_are_downloaded_as_a_table(usage, tmp_path):
    page = usage()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download all calls (CSV)").click()
    target = tmp_path / started.value.suggested_filename
    started.value.save_as(target)
    assert target.name.startswith("usage_")
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert [line["Error code"] for line in csv.DictReader(file)].count("AIS.0103") == 5
