"""The bare engine in a loop: as many processes as the portal has children, no portal.

    python -m bench.speed.engine_loop local PAGE... | rapidocr PAGE...

All page images are decoded first; then the seconds for recognising them are measured and printed.
``rapidocr`` is RapidOCR with its defaults. It needs only that package, so that it runs in the
environment of the other engines.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable
from typing import Any

from PIL import Image

PROCESSES = 2

_read: Callable[[Any], object]


def _local() -> Callable[[Any], object]:
    from ocrportal.catalogue.spec import services
    from ocrportal.engines.local.engine import LocalEngine

    engine, service = LocalEngine(), services()["general-text"]
    engine.warm_up()
    return lambda image: engine.recognise(image, service, {})


def _rapidocr() -> Callable[[Any], object]:
    import numpy as np
    from rapidocr import RapidOCR

    engine = RapidOCR()
    engine(np.full((64, 320, 3), 255, np.uint8))
    return lambda image: engine(np.asarray(image.convert("RGB"))[:, :, ::-1])


def _start(kind: str) -> None:
    global _read
    _read = {"local": _local, "rapidocr": _rapidocr}[kind]()


def _one(image: Image.Image) -> None:
    _read(image)


def main() -> None:
    kind, *paths = sys.argv[1:]
    images = []
    for path in paths:
        with Image.open(path) as image:
            image.load()
            images.append(image.copy())
    with multiprocessing.get_context("spawn").Pool(PROCESSES, _start, (kind,)) as pool:
        # Each process has loaded its models when it returns its first result.
        pool.map(_one, images[:PROCESSES], chunksize=1)
        started = time.perf_counter()
        pool.map(_one, images, chunksize=1)
        print(time.perf_counter() - started)


if __name__ == "__main__":
    main()
