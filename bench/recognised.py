"""What the embedded engine says about a picture, kept so that only layout is measured anew."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from PIL import Image

from ocrportal.catalogue.spec import services
from ocrportal.engines import engine_for
from ocrportal.results import PageResult

KEPT = Path("build/page-results")


def recognised(path: Path) -> PageResult:
    """The result for a page picture; a picture is read only once."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    kept = KEPT / f"{digest}.json"
    if not kept.exists():
        with Image.open(path) as image:
            result = engine_for("local").recognise(image, services()["general-text"], {})
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(result.to_dict(), ensure_ascii=False), "utf-8")
    return PageResult.from_dict(json.loads(kept.read_text("utf-8")))
