"""The icon and state of a document."""

import pytest

from ocrportal.jobs.models import Document
from ocrportal.web.document_display import icon_of, state_of

OFFICE = "application/vnd.openxmlformats-officedocument"


@pytest.mark.parametrize(
    ("media_type", "icon"),
    [
        ("image/tiff", "files"),
        ("image/heic", "file-earmark-image"),
        ("application/pdf", "file-earmark-pdf"),
        ("application/zip", "file-earmark-zip"),
        ("video/mp4", "file-earmark-play"),
        (f"{OFFICE}.wordprocessingml.document", "file-earmark-word"),
        (f"{OFFICE}.spreadsheetml.sheet", "file-earmark-spreadsheet"),
        (f"{OFFICE}.presentationml.presentation", "file-earmark-slides"),
        ("application/msword", "file-earmark-word"),
        ("application/vnd.ms-excel", "file-earmark-spreadsheet"),
        ("application/vnd.ms-powerpoint", "file-earmark-slides"),
        ("application/vnd.oasis.opendocument.text", "file-earmark-word"),
        ("", "file-earmark"),
    ],
)
def test_every_kind_of_file_has_its_icon(media_type, icon):
    assert icon_of(media_type) == icon


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"status": "queued", "address": "https://example.com/a.pdf"}, "Waiting"),
        ({"address": "https://example.com/a.pdf"}, "Downloading"),
        ({"file": "a.zip", "media_type": "application/zip"}, "Extracting"),
        ({"file": "a.docx", "media_type": "application/msword"}, "Converting"),
        ({"file": "a.docx", "media_type": "application/msword", "converted": "a.pdf"}, "Opening"),
        ({"file": "a.pdf", "media_type": "application/pdf"}, "Opening"),
        ({"file": "a.heic", "media_type": "image/heic"}, "Opening"),
    ],
)
def test_the_state_shows_the_current_step(fields, state):
    assert state_of(Document(**({"status": "opening"} | fields))) == state
