"""Try every address; print the outcomes and the visits of the internal sites as JSON."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import django

from tests.fakes.internet.addresses import INSIDE, NAMES, PUBLIC, REDIRECTS, TRICKS
from tests.fakes.internet.interface import ask_for_names_at, bring_up
from tests.fakes.internet.names import NameServer
from tests.website import page, redirect, website

SAMPLE = Path(__file__).parent.parent.parent / "samples" / "png.jpg"
NAME_SERVER = "127.0.0.53"


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "ocrportal.settings"
    django.setup()
    bring_up([PUBLIC, *(n for n in INSIDE if ":" not in n and not n.startswith("127."))])
    ask_for_names_at(NAME_SERVER)
    NameServer(NAME_SERVER, NAMES)
    picture = page(SAMPLE.read_bytes())
    with ExitStack() as sites:
        public = sites.enter_context(website(PUBLIC, 80))
        guarded = [sites.enter_context(website(number, 80)) for number in INSIDE]
        # The public host has no server at this port, but an internal one has.
        guarded.append(sites.enter_context(website("127.0.0.1", 8080)))
        public.answers["/scan.png"] = picture
        for path, target in REDIRECTS.items():
            public.answers[path] = redirect(target)
        for site in guarded:
            site.answers["/scan.png"] = site.answers["/"] = picture
        outcomes = {address: outcome(address) for address in TRICKS}
        rebinding = [outcome("http://rebinding.example/scan.png") for _ in range(2)]
        came = sum(site.visits for site in guarded)
        permitted = outcome("http://10.0.0.5/scan.png", internal_hosts=["10.0.0.0/8"])
        json.dump(
            {
                "outcomes": outcomes,
                "guarded_visits": came,
                "rebinding": rebinding,
                "public": outcome("http://public.example/scan.png"),
                "permitted": permitted,
                "visits_when_permitted": sum(site.visits for site in guarded) - came,
            },
            sys.stdout,
        )


def outcome(address: str, internal_hosts: list[str] | None = None) -> str:
    """``fetched``, or the code of the refusal."""
    # Translated errors need Django's settings.
    from ocrportal.errors.ingest import IngestError
    from ocrportal.ingest.fetch.http import fetch

    try:
        with tempfile.TemporaryDirectory() as folder:
            fetch(
                address,
                max_bytes=1_000_000,
                max_seconds=20,
                internal_hosts=internal_hosts or [],
                folder=Path(folder),
            ).file.close()
    except IngestError as error:
        return error.code
    return "fetched"


if __name__ == "__main__":
    main()
