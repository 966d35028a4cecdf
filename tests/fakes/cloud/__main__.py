"""The test cloud as a program: ``python -m tests.fakes.cloud --port 8765 --engine``.

It takes orders over HTTP while it runs, see :mod:`tests.fakes.cloud.control`.
"""

from __future__ import annotations

import argparse
import signal
import threading

from ocrportal.engines import engine_for
from tests.fakes.cloud.server import FakeCloud


def main() -> None:
    """Serve until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(description="A stand-in for Huawei Cloud IAM and OCR.")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--engine", action="store_true", help="read general-text for real")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--calls-per-minute", type=int, metavar="N")
    chosen = parser.parse_args()

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    engine = engine_for("local") if chosen.engine else None
    with FakeCloud(port=chosen.port, engine=engine, controllable=True) as cloud:
        cloud.faults.latency_seconds = chosen.latency
        if chosen.calls_per_minute:
            cloud.throttle.allow(chosen.calls_per_minute)
        print(cloud.url, flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
