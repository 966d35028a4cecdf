"""The queue in a folder, used on a single machine."""

from __future__ import annotations

import threading
from pathlib import Path
from queue import Empty

from kombu import Connection

import ocrportal  # noqa: F401  # registers the transport


def test_a_message_is_not_read_before_it_is_complete(tmp_path: Path) -> None:
    folder = str(tmp_path)
    options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder}
    many = 1500
    numbers: list[int] = []

    def put_all() -> None:
        with Connection("filesystem://", transport_options=options) as connection:
            queue = connection.SimpleQueue("cloud")
            for number in range(many):
                queue.put({"page": number})

    with Connection("filesystem://", transport_options=options) as connection:
        queue = connection.SimpleQueue("cloud", no_ack=True)
        writer = threading.Thread(target=put_all)
        writer.start()
        while writer.is_alive() or len(numbers) < many:
            try:
                numbers.append(queue.get(block=False).payload["page"])
            except Empty:
                continue
        writer.join()

    assert sorted(numbers) == list(range(many))
    assert not list(tmp_path.glob("*.msg*"))
