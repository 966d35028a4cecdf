from pathlib import Path

from ocrportal.submission.services_page import page

ROOT = Path(__file__).parents[2]


def test_the_page_of_services_agrees_with_the_catalogue():
    assert (ROOT / "docs/services.md").read_text() == page() + "\n", "Run: make docs"
