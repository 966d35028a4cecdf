import io

import pytest

from ocrportal.errors.export import NoTimeCodes
from ocrportal.exporters.subtitles import write_subtitles

from .pages import document, line, page_of


def _page(*rows: str):
    return page_of([line(row, 100, 300 * n, 500, 300 * n + 40) for n, row in enumerate(rows, 1)])


def _written(*pages: tuple[float, str]) -> str:
    """The file without its byte order mark, with ``\\n`` as line ends."""
    out = io.BytesIO()
    shown = [_page(*text.split("|")) if text else page_of([]) for _seconds, text in pages]
    write_subtitles(document(*shown, times=[seconds for seconds, _text in pages]), out)
    data = out.getvalue()
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert text.count("\n") == text.count("\r\n")
    return text.replace("\r\n", "\n")


def test_a_text_lasts_until_the_next_one_and_the_last_for_three_seconds():
    assert _written((0, "你好"), (2.5, "first line|second line"), (3723.0625, "end")) == (
        "1\n00:00:00,000 --> 00:00:02,500\n你好\n\n"
        "2\n00:00:02,500 --> 01:02:03,062\nfirst line\nsecond line\n\n"
        "3\n01:02:03,062 --> 01:02:06,062\nend\n\n"
    )


def test_a_page_without_text_ends_the_text_before():
    assert _written((0, ""), (1, "one"), (2, ""), (5, "two"), (6, "")) == (
        "1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:05,000 --> 00:00:06,000\ntwo\n\n"
    )


def test_a_repeated_text_continues():
    assert _written((0, "one"), (1, "one"), (2, "two")) == (
        "1\n00:00:00,000 --> 00:00:02,000\none\n\n2\n00:00:02,000 --> 00:00:05,000\ntwo\n\n"
    )


def test_a_time_just_below_a_second_is_rounded_as_a_whole():
    assert _written((59.9999, "one")).startswith("1\n00:01:00,000 --> 00:01:03,000\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<i>x</i>", "＜i>x＜/i>"),
        ("<script>", "＜script>"),
        ("{\\an8}x", "｛\\an8}x"),
        ("{y:i}x", "｛y:i}x"),
        ("1 --> 2", "1 --＞ 2"),
        ("a < b {1}", "a < b {1}"),
    ],
)
def test_markup_in_text_is_shown_as_text(text, shown):
    assert _written((0, text)) == f"1\n00:00:00,000 --> 00:00:03,000\n{shown}\n\n"


def test_a_video_without_text_has_no_subtitles():
    assert _written((0, ""), (3, "")) == ""


def test_a_document_without_times_is_rejected():
    with pytest.raises(NoTimeCodes):
        write_subtitles(document(_page("text")), io.BytesIO())


def test_a_lone_surrogate_is_removed():
    assert _written((0, "a\ud83db")) == "1\n00:00:00,000 --> 00:00:03,000\nab\n\n"
