"""From scans to Word, text and PDF in the browser."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from pathlib import Path

import pypdfium2
from docx import Document
from playwright.sync_api import Page, expect
from rapidfuzz.distance import Levenshtein

ERROR_ALLOWED = 0.03


def without_blanks(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def error_rate(read: str, truth: str) -> float:
    truth = without_blanks(truth)
    return Levenshtein.distance(without_blanks(read), truth) / len(truth)


def start(page: Page) -> None:
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")


def wait_for_end(page: Page, state: str = "Done") -> None:
    expect(page.locator("#progress .state")).to_have_text(state, timeout=180_000)


def download(page: Page, name: str, folder: Path) -> Path:
    page.get_by_role("button", name="Download", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name, exact=True).first.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    page.keyboard.press("Escape")
    return path


def text_of_word(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in Document(path).paragraphs)


def text_of_pdf(path: Path) -> str:
    run = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True)
    return run.stdout.decode()


def test_scans_in_word_out(visitor, drop, samples, tmp_path):
    page = visitor("traveller")
    drop(page, samples / "scans.pdf")
    expect(page.locator(".file-name")).to_have_text("scans.pdf")
    start(page)

    expect(page.locator(".page-card")).to_have_count(5)
    page.locator(".page-card.is-done a").first.click()
    page.wait_for_url("**/pages/*/")
    expect(page.locator("#text")).to_contain_text("debmake")
    page.go_back()
    wait_for_end(page)
    expect(page.locator("#progress")).to_contain_text("5 of 5 pages")

    txt = download(page, "Text", tmp_path)
    word = download(page, "Word", tmp_path)
    pdf = download(page, "Searchable PDF", tmp_path)
    assert [path.name for path in (txt, word, pdf)] == ["scans.txt", "scans.docx", "scans.pdf"]

    text = txt.read_text(encoding="utf-8")
    truth = "".join((samples / f"scans_p{n}.gt.txt").read_text() for n in range(1, 6))
    assert error_rate(text, truth) < ERROR_ALLOWED
    # Word generates headers and list markers itself.
    rows = [without_blanks(row) for row in text_of_word(word).split("\n")]
    assert [row for row in rows if row not in without_blanks(text)] == []
    assert sum(map(len, rows)) > 0.9 * len(without_blanks(text))
    assert without_blanks(text_of_pdf(pdf)) == without_blanks(text)
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 5


def test_a_chinese_scan_is_read_and_its_text_copied(visitor, drop, samples):
    page = visitor("reader", permissions=["clipboard-read", "clipboard-write"])
    drop(page, samples / "page_zh.png")
    start(page)
    wait_for_end(page)
    truth = (samples / "page_zh.gt.txt").read_text()

    page.get_by_role("button", name="Copy all text").click()
    page.get_by_role("button", name="As paragraphs").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    whole = page.evaluate("navigator.clipboard.readText()")
    assert error_rate(whole, truth) < ERROR_ALLOWED

    page.locator(".page-card a").click()
    page.get_by_label("Keep line breaks").check()
    page.get_by_role("button", name="Copy page").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    lines = page.evaluate("navigator.clipboard.readText()")
    assert error_rate(lines, truth) < ERROR_ALLOWED
    assert len(lines.splitlines()) > len(whole.splitlines())


def test_a_job_is_cancelled_while_it_runs(visitor, samples):
    page = visitor("impatient")
    page.locator("#id_files").set_input_files([samples / "scans.pdf"] * 4)
    start(page)
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_text("The job was cancelled.")).to_be_visible()
    expect(page.locator("#progress .state")).to_have_text("Cancelled")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#progress .state")).to_have_text(re.compile("Running|Waiting"))
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.locator("#progress .state")).to_have_text("Cancelled")


def test_a_running_job_is_polled_every_second_and_a_half(visitor, samples):
    # htmx parses "every 1.5s" as every millisecond, because its parser splits at full stops.
    page = visitor("curious")
    page.add_init_script(
        """window.pauses = new Set();
        const plain = window.setInterval;
        window.setInterval = (work, pause) => { pauses.add(pause); return plain(work, pause); };"""
    )
    page.locator("#id_files").set_input_files([samples / "scans.pdf"] * 2)
    start(page)
    page.wait_for_function("pauses.size")
    assert page.evaluate("[...pauses]") == [1500]
    page.locator(".page-card:not(.is-done) a").last.click()
    page.wait_for_url("**/pages/*/")
    page.wait_for_function("pauses.size")
    assert page.evaluate("[...pauses]") == [1500]


def test_the_sample_document_shows_what_comes_out(visitor):
    page = visitor("newcomer")
    page.get_by_role("button", name="Try it with a sample document").click()
    wait_for_end(page)
    page.locator(".page-card a").click()
    expect(page.locator("#text")).to_contain_text("关于会议室搬迁的通知")
    expect(page.locator("#text")).to_contain_text("Notice: the meeting rooms are moving")


def test_an_unreadable_file_shows_its_error_and_the_job_continues(visitor, samples):
    page = visitor("unlucky")
    names = ("password_abc.pdf", "truncated.pdf", "screenshot_zh.webp")
    page.locator("#id_files").set_input_files([samples / name for name in names])
    start(page)
    wait_for_end(page, "Partly done")
    expect(page.get_by_text("This file is password-protected.")).to_be_visible()
    expect(page.get_by_text("This file is damaged or incomplete")).to_be_visible()
    expect(page.get_by_text("2 files could not be read")).to_be_visible()
    expect(page.locator(".page-card.is-done")).to_have_count(1)


def test_word_from_the_history(visitor, samples, tmp_path):
    page = visitor("archivist")
    page.locator("#id_files").set_input_files(samples / "screenshot_zh.webp")
    start(page)
    wait_for_end(page)
    page.get_by_role("link", name="History").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download as Word: screenshot_zh.webp").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert (
        error_rate(text_of_word(path), (samples / "screenshot_zh.gt.txt").read_text())
        < ERROR_ALLOWED
    )
