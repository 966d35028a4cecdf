"""The test cloud as a program: ``python -m tests.fakes.cloud --port 8765 --engine``.

It accepts control requests over HTTP, see :mod:`tests.fakes.cloud.control`.
"""

from __future__ import annotations

import argparse
import signal

from ocrportal.engines import engine_for
from tests.fakes.cloud.server import FakeCloud

_ENDING = (signal.SIGINT, signal.SIGTERM)


def main() -> None:
    """Serve until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(description="A replacement for Huawei Cloud IAM and OCR.")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--engine", action="store_true", help="recognise general-text")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--calls-per-minute", type=int, metavar="N")
    chosen = parser.parse_args()

    # Blocked before threads start, because they inherit the mask; sigwait receives the signals.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    engine = engine_for("local") if chosen.engine else None
    with FakeCloud(port=chosen.port, engine=engine, controllable=True) as cloud:
        cloud.faults.latency_seconds = chosen.latency
        if chosen.calls_per_minute:
            cloud.throttle.allow(chosen.calls_per_minute)
        print(cloud.url, flush=True)
        signal.sigwait(_ENDING)


if __name__ == "__main__":
    main()
