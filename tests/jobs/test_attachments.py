"""Files that stand as base64 text in the answer of an engine."""

import base64

import pytest

from ocrportal.jobs.attachments import AttachedFile, attached_file
from ocrportal.jobs.models import Result
from ocrportal.results import Attachment, PageResult

DATA = base64.b64encode(b"a file").decode()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def result_with(raw: object, pointer: str, media_type: str = XLSX) -> Result:
    attachment = Attachment("table.xlsx", media_type, pointer)
    data = PageResult(10, 10, (), attachments=(attachment,)).to_dict()
    return Result(data=data, raw=raw)


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        ({"result": {"excel": DATA}}, "/result/excel"),
        ({"result": [{}, {"excel": DATA}]}, "/result/1/excel"),
        ({"a/b": {"c~d": DATA}}, "/a~1b/c~0d"),
        ({"excel": "data:image/png;base64," + DATA}, "/excel"),
    ],
)
def test_a_file_is_found_by_its_pointer(raw, pointer):
    assert attached_file(result_with(raw, pointer), 1) == AttachedFile(
        "table.xlsx", XLSX, b"a file"
    )


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        ({}, "/result/excel"),
        ({"result": []}, "/result/0"),
        ({"result": []}, "/result/first"),
        ({"result": "text"}, "/result/excel"),
        ({"excel": 7}, "/excel"),
        ({"excel": "no base64!"}, "/excel"),
        (None, "/excel"),
    ],
)
def test_a_pointer_that_leads_to_no_file_gives_none(raw, pointer):
    assert attached_file(result_with(raw, pointer), 1) is None


@pytest.mark.parametrize("number", [0, 2, -1])
def test_there_is_no_file_at_another_number(number):
    assert attached_file(result_with({"excel": DATA}, "/excel"), number) is None


def test_file_types_that_a_browser_might_run_are_sent_as_bytes():
    file = attached_file(result_with({"excel": DATA}, "/excel", "text/html"), 1)
    assert file.media_type == "application/octet-stream"
