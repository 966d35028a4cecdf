"""The pages to measure on: a folder of images with a manifest of their texts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CorpusPage:
    """A page image whose whole text is known."""

    path: Path
    kind: str
    language: str
    tags: tuple[str, ...]
    text: str

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def group(self) -> str:
        return f"{self.kind}, {self.language}"

    @property
    def is_chinese(self) -> bool:
        return self.language.startswith("zh")

    @property
    def has_columns(self) -> bool:
        return "multi-column" in self.tags


def full_text_pages(corpus: Path) -> list[CorpusPage]:
    """The scans of ``corpus/manifest.json`` that come with their whole text."""
    manifest = json.loads((corpus / "manifest.json").read_text("utf-8"))
    return [
        CorpusPage(
            path=corpus / entry["path"],
            kind=entry["kind"],
            language=entry["language"],
            tags=tuple(entry["tags"]),
            text=(corpus / entry["ground_truth"][0]["path"]).read_text("utf-8"),
        )
        for entry in manifest["files"]
        if entry["group"] == "scans_gt" and entry["gt_kind"] == "full_text"
    ]
