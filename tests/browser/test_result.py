"""The result screen by mouse and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.portal import Portal

USER = "keyboarder"
CHOSEN = re.compile(r"\bis-chosen\b")


@pytest.fixture
def screen(portal: Portal, visitor, samples) -> Page:
    """The first page of a job whose three pages are all read."""
    page = visitor(USER)
    found = f"Job.objects.filter(owner__username={USER!r}, status='done').values_list('pk').first()"
    if portal.ask(found) is None:
        page.locator("#id_files").set_input_files(samples / "scans.pdf")
        page.get_by_text("Options").click()
        page.get_by_label("Pages", exact=True).fill("3-5")
        page.get_by_role("button", name="Start").click()
        page.wait_for_url("**/jobs/*/")
        expect(page.locator("#progress .state")).to_have_text("Done", timeout=180_000)
    (job_id,) = portal.ask(found)
    page.goto(f"/jobs/{job_id}/pages/?n=1")
    return page


def zoom(page: Page) -> int:
    return int((page.locator("#zoom-level").text_content() or "").rstrip(" %"))


def test_a_line_of_text_marks_its_place_on_the_picture(screen):
    line = screen.locator(".line").nth(2)
    indices = (line.get_attribute("data-indices") or "").split()
    outline = screen.locator(f'.outline[data-index="{indices[0]}"]')
    line.hover()
    expect(outline).to_have_class(re.compile("is-near"))
    screen.locator("h1").hover()
    expect(outline).not_to_have_class(re.compile("is-near"))
    line.click()
    expect(outline).to_have_class(CHOSEN)


def test_a_place_on_the_picture_marks_its_line_of_text(screen):
    outline = screen.locator(".outline").nth(3)
    index = outline.get_attribute("data-index")
    line = screen.locator(f'.line[data-indices~="{index}"]')
    outline.hover()
    expect(line).to_have_class(re.compile("is-near"))
    outline.click()
    expect(line).to_have_class(CHOSEN)
    expect(line).to_be_focused()
    expect(line).to_be_in_viewport()


def test_the_outlines_match_the_upright_image(screen):
    """The page was scanned rotated by 90°: text lines are wide, not tall."""
    box = (
        screen.locator(".line")
        .nth(2)
        .evaluate(
            """line => {
            const [index] = line.dataset.indices.split(" ");
            const box = document.querySelector(`[data-index="${index}"]`).getBoundingClientRect();
            return box.width / box.height;
        }"""
        )
    )
    assert box > 3


def test_arrow_keys_walk_through_the_lines(screen):
    screen.locator(".line").first.focus()
    screen.keyboard.press("ArrowDown")
    screen.keyboard.press("ArrowDown")
    expect(screen.locator(".line").nth(2)).to_be_focused()
    screen.keyboard.press("ArrowUp")
    expect(screen.locator(".line").nth(1)).to_have_class(CHOSEN)
    expect(screen.locator(".outline.is-chosen").first).to_be_in_viewport()
    assert screen.locator('.line[tabindex="0"]').count() == 1


def test_arrow_keys_and_letters_turn_the_pages(screen):
    number = screen.get_by_label("Page number in the job")
    for key, place in (("ArrowRight", "2"), ("j", "3"), ("j", "3"), ("k", "2"), ("ArrowLeft", "1")):
        screen.locator("main").press(key)
        expect(number).to_have_value(place)


def test_keys_belong_to_a_field_while_one_types(screen):
    number = screen.get_by_label("Page number in the job")
    number.press("ArrowLeft")
    number.fill("3")
    number.press("Enter")
    expect(screen.get_by_label("Page number in the job")).to_have_value("3")
    expect(screen.get_by_role("heading", level=1)).to_contain_text("Page 5")


def test_the_picture_is_zoomed_by_buttons_and_keys(screen):
    fitting = zoom(screen)
    screen.get_by_role("button", name="Zoom in").click()
    assert zoom(screen) == pytest.approx(fitting * 1.25, abs=1)
    screen.keyboard.press("+")
    larger = zoom(screen)
    assert larger > fitting * 1.5
    screen.keyboard.press("-")
    assert zoom(screen) < larger
    screen.keyboard.press("0")
    assert zoom(screen) == fitting
    screen.get_by_role("button", name="Fit page").click()
    assert zoom(screen) < fitting
    whole = screen.evaluate(
        "viewer.scrollHeight <= viewer.clientHeight && viewer.scrollWidth <= viewer.clientWidth"
    )
    assert whole


def test_the_picture_is_moved_by_dragging(screen):
    for _ in range(4):
        screen.keyboard.press("+")
    before = screen.evaluate("[viewer.scrollLeft, viewer.scrollTop]")
    box = screen.locator("#viewer").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    screen.mouse.move(x, y)
    screen.mouse.down()
    screen.mouse.move(x - 60, y - 40, steps=4)
    screen.mouse.up()
    assert screen.evaluate("[viewer.scrollLeft, viewer.scrollTop]") == [
        before[0] + 60,
        before[1] + 40,
    ]


def test_doubt_marks_can_be_switched_off_permanently(screen):
    expect(screen.locator("#text")).to_have_class(re.compile("marks-doubt"))
    screen.get_by_label("Highlight uncertain text").uncheck()
    expect(screen.locator("#text")).not_to_have_class(re.compile("marks-doubt"))
    screen.reload()
    expect(screen.get_by_label("Highlight uncertain text")).not_to_be_checked()
    expect(screen.locator(".legend")).to_be_hidden()


def test_blocks_are_switched_on_and_walked_through_by_the_keyboard(screen):
    labels, outlines = screen.locator("#text .block-label"), screen.locator(".block-outline")
    expect(labels.first).to_be_hidden()
    screen.keyboard.press("b")
    expect(screen.get_by_label("Show blocks")).to_be_checked()
    expect(labels.first).to_have_text(re.compile(r"^\s*1\s+Header\s*$"))
    assert labels.count() == outlines.count()
    labels.first.focus()
    screen.keyboard.press("ArrowDown")
    expect(labels.nth(1)).to_be_focused()
    expect(outlines.nth(1)).to_have_class(CHOSEN)
    expect(outlines.nth(1)).to_be_in_viewport()
    screen.reload()
    expect(screen.get_by_label("Show blocks")).to_be_checked()
    screen.get_by_label("Show blocks").press("Space")
    expect(outlines.first).to_be_hidden()


def test_a_block_on_the_picture_marks_its_text_and_the_text_its_block(screen):
    screen.get_by_label("Show blocks").check()
    label = screen.locator('.picture-frame .block-label[data-block="3"]')
    label.click()
    block = screen.locator('#text .block[data-block="3"]')
    expect(block).to_have_class(CHOSEN)
    expect(block).to_be_in_viewport()
    screen.locator('#text .block[data-block="2"] .line').first.click()
    expect(screen.locator('.block-outline[data-block="2"]')).to_have_class(CHOSEN)
    expect(block).not_to_have_class(CHOSEN)


def test_a_doubt_of_the_job_leads_to_its_place(screen, portal):
    job_id = portal.ask(f"Job.objects.filter(owner__username={USER!r}).values_list('pk').first()")[
        0
    ]
    page_id = portal.ask(f"Page.objects.filter(job={job_id}).values_list('pk').last()")[0]
    doubt = {"code": "doubtful-text", "count": 4, "total": 40, "place": "5", "box": None}
    portal.ask(f"Result.objects.filter(page={page_id}).update(doubts=[{doubt!r}])")
    screen.goto(f"/jobs/{job_id}/")
    screen.get_by_role("link", name="10% of the characters are uncertain").click()
    screen.wait_for_url(f"**/pages/{page_id}/#place-5")
    expect(screen.locator('.line[data-indices~="5"]')).to_be_focused()
    expect(screen.locator('.outline[data-index="5"]')).to_have_class(CHOSEN)
    expect(screen.locator('.outline[data-index="5"]')).to_be_in_viewport()
