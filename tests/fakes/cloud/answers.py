"""The responses of the services: recorded ones, or results of the built-in engine."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from ocrportal.catalogue.spec import Service
from ocrportal.engines.base import Engine
from ocrportal.geometry import Quad
from ocrportal.results import Line, PageResult
from tests.fakes.cloud.question import Question

RECORDED = Path(__file__).parents[2] / "samples" / "cloud"
_SUCCEEDED = "AIS.0000"
_VARIANTS = {"back": "back", "double_side": "double"}
"""The recorded response for each value of the option ``side``."""


class Answers:
    """Selects the response to a request."""

    def __init__(self, engine: Engine | None) -> None:
        """``engine`` recognises images for general-text; without it the response is recorded."""
        self._engine = engine
        self._engine_lock = threading.Lock()
        self._chosen: dict[str, dict[str, Any]] = {}

    def answer_with(self, service: str, answer: str | dict[str, Any]) -> None:
        """Set the response of a service: the name of a recorded variant, or a body."""
        body = answer if isinstance(answer, dict) else _recorded(f"{service}.{answer}")
        self._chosen[service] = body

    def answer(self, service: Service, question: Question) -> dict[str, Any]:
        """The JSON body of the response to a valid request."""
        if service.key in self._chosen:
            return self._chosen[service.key]
        if service.key == "general-text" and self._engine is not None:
            with question.page(service) as page, self._engine_lock:
                result = self._engine.recognise(page, service, {})
            return {"result": text_blocks(result, question.options)}
        variant = _VARIANTS.get(str(question.options.get("side")), "")
        name = f"{service.key}.{variant}" if variant else service.key
        return _recorded(name if _file(name).exists() else service.key)


def units_of(answer: dict[str, Any]) -> int:
    """The number of billed units: one, or one for each recognised document."""
    result = answer["result"]
    if isinstance(result, list) and result and "status" in result[0]:
        return sum(item["status"]["error_code"] == _SUCCEEDED for item in result)
    return 1


def text_blocks(result: PageResult, options: dict[str, Any]) -> dict[str, Any]:
    """A result in the format of general-text."""
    asked = options.get("detect_direction", False)
    answer: dict[str, Any] = {
        "direction": float(-result.rotation % 360) if asked else -1,
        "words_block_count": len(result.lines),
        "words_block_list": [
            _block(line, with_chars=options.get("character_mode", False)) for line in result.lines
        ],
    }
    if options.get("return_markdown_result"):
        answer["markdown_result"] = "\n".join(line.text for line in result.lines)
    return answer


def _block(line: Line, *, with_chars: bool) -> dict[str, Any]:
    block: dict[str, Any] = {
        "words": line.text,
        "confidence": round(line.confidence, 4),
        "location": _location(line.box),
    }
    if with_chars:
        block["char_list"] = [
            {
                "char": char.text,
                "char_location": _location(line.char_box(char)),
                "char_confidence": round(char.confidence, 4),
            }
            for char in line.chars
        ]
    return block


def _location(box: Quad) -> list[list[int]]:
    return [[round(x), round(y)] for x, y in box]


def _recorded(name: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(_file(name).read_text("utf-8"))
    return answer


def _file(name: str) -> Path:
    return RECORDED / f"{name}.json"
