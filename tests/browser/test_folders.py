"""Folders, and many files of every kind, on the upload page and on the page of their job."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import b64
from tests.browser.test_screens import violations

KINDS = ("pdf", "docx", "xlsx", "pptx", "odt", "ofd", "zip", "mp4", "heic", "tif", "txt", "eml")
MAX_PICTURE = 2_000_000

# A dropped folder as browsers provide it: its entries in several batches, the last one empty.
DROP_FOLDER = """({ picture, broken }) => {
    const bytes = Uint8Array.from(atob(picture), (char) => char.charCodeAt(0));
    const file = (path) => ({
        isFile: true, isDirectory: false, name: path.split("/").pop(), fullPath: path,
        file: (resolve, reject) => broken ? reject(new DOMException("missing", "NotFoundError"))
            : resolve(new File([bytes], path.split("/").pop(), { type: "image/png" })),
    });
    const folder = (path, ...parts) => ({
        isFile: false, isDirectory: true, name: path.split("/").pop(), fullPath: path,
        createReader: () => {
            const left = [...parts, []];
            return { readEntries: (resolve) => resolve(left.shift()) };
        },
    });
    const scans = folder("/scans",
        [file("/scans/10.png"), file("/scans/.DS_Store")],
        [file("/scans/2.png"), folder("/scans/old", [file("/scans/old/1.png")])],
    );
    const loose = { kind: "file", getAsFile: () => new File([bytes], "loose.png") };
    const items = [{ kind: "file", webkitGetAsEntry: () => scans, getAsFile: () => null }, loose];
    const event = new Event("drop", { bubbles: true, cancelable: true });
    event.dataTransfer = { types: ["Files"], items };
    document.querySelector("main").dispatchEvent(event);
}"""


@pytest.fixture
def folder(tmp_path: Path, samples: Path) -> Path:
    """Three images in a folder and a subfolder, with system files beside them."""
    picture = (samples / "page_en.tif").read_bytes()
    for name in ("scans/1.tif", "scans/信/2.tif", "scans/.DS_Store", "scans/Thumbs.db"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture)
    return tmp_path / "scans"


@pytest.fixture
def many_files(tmp_path: Path, samples: Path) -> list[Path]:
    """Thirty files of all kinds, some with long names."""
    pictures = [
        path
        for path in sorted(samples.iterdir())
        if path.suffix in (".jpg", ".png", ".webp", ".bmp")
        and 0 < path.stat().st_size < MAX_PICTURE
    ]
    other_files = []
    for number in range(30 - len(pictures[:12])):
        ending = KINDS[number % len(KINDS)]
        path = tmp_path / f"{number:02} 关于办公室搬迁的通知 and a rather long name.{ending}"
        path.write_bytes(b"%PDF-1.4 " + bytes(number * 1000))
        other_files.append(path)
    return [*pictures[:12], *other_files]


def test_a_chosen_folder_brings_its_files_with_their_folders(visitor, folder):
    page = visitor("archivist")
    page.locator("#id_folder").set_input_files(folder)
    names = page.locator(".file-name")
    expect(names).to_have_count(2)
    assert sorted(names.all_inner_texts()) == ["scans/1.tif", "scans/信/2.tif"]
    expect(page.locator("#file-count")).to_have_text("2 files")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")
    expect(page.locator(".page-number")).to_have_count(2)
    shown = page.locator(".page-number").all_inner_texts()
    assert sorted(shown) == ["scans/1.tif", "scans/信/2.tif"]


def test_a_dropped_folder_brings_its_files_in_order(visitor, samples):
    page = visitor("dropper")
    picture = b64((samples / "page_zh.png").read_bytes())
    page.evaluate(DROP_FOLDER, {"picture": picture, "broken": False})
    names = page.locator(".file-name")
    expect(names).to_have_text(["scans/2.png", "scans/10.png", "scans/old/1.png", "loose.png"])


def test_an_unreadable_folder_is_reported_and_does_not_stop_other_files(visitor, samples):
    page = visitor("unlucky")
    picture = b64((samples / "page_zh.png").read_bytes())
    page.evaluate(DROP_FOLDER, {"picture": picture, "broken": True})
    expect(page.locator(".file-name")).to_have_text(["loose.png"])
    expect(page.locator("#form-errors")).to_contain_text("A folder could not be read completely.")
    expect(page.get_by_role("button", name="Start")).to_be_enabled()


def test_a_file_chosen_twice_is_marked_until_one_is_removed(visitor, samples):
    page = visitor("forgetful")
    for _ in range(2):
        page.locator("#id_files").set_input_files(samples / "page_zh.png")
    twice = page.locator(".file-twice:not(:empty)")
    expect(twice).to_have_text(["Selected twice: it will be recognised twice."])
    expect(page.get_by_role("button", name="Start")).to_be_enabled()
    page.get_by_role("button", name="Remove: page_zh.png").first.click()
    expect(twice).to_have_count(0)


def test_thirty_files_of_all_kinds_stay_in_sight(visitor, many_files):
    for width in (1366, 390):
        page = visitor("collector", width=width, bypass_csp=True)
        page.locator("#id_files").set_input_files(many_files)
        expect(page.locator("#file-count")).to_have_text("30 files")
        icons = page.locator(".file-picture use").evaluate_all(
            "uses => [...new Set(uses.map(use => use.getAttribute('href').split('#')[1]))]"
        )
        assert {"file-earmark-word", "file-earmark-zip", "file-earmark-play"} <= set(icons)
        expect(page.get_by_role("button", name="Start")).to_be_in_viewport()
        assert page.locator("#file-list").bounding_box()["height"] <= 0.66 * 850
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.get_by_text("Supported files").click()
        page.get_by_text("Options", exact=True).click()
        assert violations(page) == []
        page.get_by_role("button", name="Remove all").click()
        expect(page.locator(".file-row")).to_have_count(0)
        expect(page.get_by_role("button", name="Start")).to_be_disabled()


def test_a_file_with_a_name_full_of_signs_is_shown_as_it_is(visitor, samples, tmp_path):
    page = visitor("joker")
    name = 'o\'brien "q" <b>&amp;{{7}}.png'
    odd = tmp_path / name
    odd.write_bytes((samples / "page_zh.png").read_bytes())
    page.locator("#id_files").set_input_files(odd)
    expect(page.locator(".file-label")).to_have_text(name)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/jobs/*/")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
