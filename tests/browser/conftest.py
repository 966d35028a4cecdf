"""A browser for tests of the running portal."""

from __future__ import annotations

import base64
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.portal import ROOT, Portal

PASSWORD = "a long walk on a quiet beach"
PATIENCE_MS = 60_000
"""A generous timeout: the machine may be slow, and no browser test measures time."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

expect.set_options(timeout=PATIENCE_MS)

Visitor = Callable[..., Page]


@pytest.fixture(scope="package")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    portal = Portal(tmp_path_factory.mktemp("portal"), name="browser")
    # The object store of a test is on this machine.
    portal.environment["INTERNAL_HOSTS"] = "127.0.0.1"
    portal.prepare()
    portal.start()
    yield portal
    portal.stop()


# Package scope, because Playwright runs an event loop in this thread, in which Django refuses
# access to the database.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    assert path, "no Chromium found; `make test` installs it or prints the command"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(portal: Portal, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Open the portal in a new browser profile, as a user of that name if one is given.

    Errors of scripts and of the content security policy fail the test. The last screenshot of a
    failed test is in build/browser/.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def visitor(
        user: str = "", *, width: int = 1366, theme: str = "light", language: str = "en", **options
    ) -> Page:
        context = browser.new_context(
            base_url=portal.url,
            viewport={"width": width, "height": 850},
            color_scheme=theme,
            locale={"en": "en-GB", "zh": "zh-CN"}[language],
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.extend(policy_faults(message.text)))
        if user:
            sign_in(portal, page, user)
        return page

    yield visitor
    if getattr(request.node, "failed", False):
        folder = ROOT / "build" / "browser"
        for number, context in enumerate(contexts):
            for page in context.pages:
                name = re.sub(r"\W+", "_", request.node.name)
                page.screenshot(path=folder / f"{name}_{number}.png", full_page=True)
    for context in contexts:
        context.close()
    assert faults == []


def policy_faults(message: str) -> list[str]:
    return [message] if "Content Security Policy" in message else []


def sign_in(portal: Portal, page: Page, user: str) -> None:
    """Create the user if it does not exist, and sign in with the form."""
    portal.ask(
        f"User.objects.filter(username={user!r}).exists() "
        f"or User.objects.create_user({user!r}, password={PASSWORD!r}).pk"
    )
    page.goto("/login/")
    page.locator("#id_username").fill(user)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("/")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report


@pytest.fixture
def drop() -> Callable[..., None]:
    """Drop files on a page, as from a file manager."""

    def drop(page: Page, *paths: Path) -> None:
        transfer = page.evaluate_handle(
            """files => {
                const transfer = new DataTransfer();
                for (const [name, bytes] of files) {
                    const data = Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0));
                    transfer.items.add(new File([data], name));
                }
                return transfer;
            }""",
            [[path.name, b64(path.read_bytes())] for path in paths],
        )
        for event in ("dragenter", "dragover", "drop"):
            page.dispatch_event("main", event, {"dataTransfer": transfer})

    return drop


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
