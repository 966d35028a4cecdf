import io
import json
from dataclasses import replace

from ocrportal.exporters.json import write_json
from ocrportal.results import PageResult
from tests.exporters.pages import document_of, recognised_pages

from .pages import answered, document, line, page_of, recorded


def _written(*results, **about) -> bytes:
    out = io.BytesIO()
    write_json(document(*results, **about), out)
    return out.getvalue()


def test_each_page_has_its_result_and_source():
    scan, card = recorded("page_zh"), answered("id-card")
    written = json.loads(_written(scan, page_of([]), card, title="扫描", service="id-card"))
    assert written["title"] == "扫描"
    assert [page["number"] for page in written["pages"]] == [1, 2, 3]
    assert {key: written["pages"][0][key] for key in ("dpi", "service", "engine", "shown_at")} == {
        "dpi": 200.0,
        "service": "id-card",
        "engine": scan.engine,
        "shown_at": None,
    }
    for page, result in zip(written["pages"], (scan, page_of([]), card), strict=True):
        assert PageResult.from_dict(page).to_dict() == result.to_dict()


def test_the_pages_of_a_video_have_their_time():
    assert json.loads(_written(page_of([]), times=[5.25]))["pages"][0]["shown_at"] == 5.25


def test_each_page_is_on_its_own_line():
    assert len(_written(recorded("page_en"), recorded("page_zh")).splitlines()) == 4


def test_any_text_is_unchanged():
    text = "<script> =cmd|' /C calc'!A0 \x00\x1b\u2028 \ud800 \u202eאבג “引号” \\ \""
    written = _written(page_of([line(text, 0, 0, 90, 20)]), title=text)
    assert json.loads(written.decode("utf-8"))["pages"][0]["lines"][0]["text"] == text
    assert json.loads(written)["title"] == text


def test_the_halves_of_a_split_page_have_their_part_number():
    whole = document(page_of([]), page_of([]))
    pages = [replace(page, number=7, part=n) for n, page in enumerate(recognised_pages(whole), 1)]
    out = io.BytesIO()
    write_json(document_of(*pages, title=whole.title), out)
    written = json.loads(out.getvalue())["pages"]
    assert [(page["number"], page["part"]) for page in written] == [(7, 1), (7, 2)]
