import io

from ocrportal.exporters.text import write_text

from .pages import document, line, page_of


def _written(*results) -> bytes:
    out = io.BytesIO()
    write_text(document(*results), out)
    return out.getvalue()


def test_text_is_utf8_without_mark_a_line_per_paragraph_an_empty_line_between_pages():
    first = page_of([line("第一页𠮷", 100, 100, 300, 140), line("second", 100, 400, 300, 440)])
    last = page_of([line("第二页", 100, 100, 300, 140)])
    assert _written(first, last) == "第一页𠮷\nsecond\n\n第二页\n".encode()


def test_pages_without_text_leave_nothing_behind():
    empty, full = page_of([]), page_of([line("text", 0, 0, 50, 20)])
    assert _written(empty, full, empty) == b"text\n"
    assert _written(empty) == b""
