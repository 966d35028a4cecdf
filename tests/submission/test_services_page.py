from pathlib import Path

from ocrportal.submission.services_page import page

ROOT = Path(__file__).parents[2]


def test_the_page_of_services_says_what_the_catalogue_says():
    assert (ROOT / "docs/services.md").read_text() == page() + "\n", "Run: make docs"
