"""The Dockerfile and the Compose file are valid, secure, and start the tested commands.

The tests need no container engine: they parse the files with Docker's parser, validate them against
the Compose schema, and run the commands in them.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import dockerfile
import jsonschema
import pytest
import yaml

from ocrportal.workers.management.commands import serve
from tests.test_house import settings_read

ROOT = Path(__file__).parent.parent
OURS = ("prepare", "web", "worker", "export-worker")
LASTING = ("web", "worker", "export-worker", "db", "queue")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


@pytest.fixture(scope="module")
def image() -> list[dockerfile.Command]:
    return list(dockerfile.parse_file(str(ROOT / "Dockerfile")))


def instruction(image: list[dockerfile.Command], name: str) -> dockerfile.Command:
    """The last instruction of that name, which is the effective one."""
    return [command for command in image if command.cmd == name][-1]


def test_the_compose_file_fits_the_compose_schema(compose: dict[str, Any]):
    # Only this file of the package is used; importing the package would need more packages.
    carrier = distribution("check-jsonschema")
    schema = carrier.locate_file("check_jsonschema/builtin_schemas/vendor/compose-spec.json")
    jsonschema.validate(compose, json.loads(Path(schema).read_text()))


def test_images_are_pinned(compose: dict[str, Any], image: list[dockerfile.Command]):
    used = [service["image"] for service in compose["services"].values()]
    used.append(instruction(image, "FROM").value[0])
    assert [name for name in used if not re.fullmatch(r"[\w./-]+:\d[\w.-]*", name)] == []


@pytest.mark.parametrize("name", LASTING)
def test_a_service_has_restarts_a_health_check_and_a_memory_limit(
    compose: dict[str, Any], name: str
):
    service = compose["services"][name]
    assert service["restart"] == "unless-stopped"
    assert service["mem_limit"]
    # The web server's check is part of the image.
    assert name == "web" or service["healthcheck"]["test"]


@pytest.mark.parametrize("name", ["web", "worker", "export-worker"])
def test_a_service_waits_for_what_it_needs(compose: dict[str, Any], name: str):
    assert compose["services"][name]["depends_on"] == {
        "prepare": {"condition": "service_completed_successfully"},
        "db": {"condition": "service_healthy"},
        "queue": {"condition": "service_healthy"},
    }


def test_only_the_web_server_can_be_reached_and_only_from_this_machine_by_default(
    compose: dict[str, Any],
):
    ports = {name: service.get("ports", []) for name, service in compose["services"].items()}
    assert ports.pop("web") == ["${LISTEN:-127.0.0.1}:${PORT:-8000}:8000"]
    assert [name for name, published in ports.items() if published] == []


def test_no_password_is_written_down(compose: dict[str, Any]):
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY", name):
                assert re.fullmatch(r"\$\{\w+(:-|:\?[^}]+)\}", value), name
    for name in OURS:
        url = compose["services"][name]["environment"]["DATABASE_URL"]
        assert "${POSTGRES_PASSWORD:?" in url


@pytest.mark.parametrize("name", OURS)
def test_the_settings_given_are_settings_that_are_read(compose: dict[str, Any], name: str):
    assert set(compose["services"][name]["environment"]) <= settings_read()


@pytest.mark.parametrize("name", OURS)
def test_our_services_have_no_more_rights_than_they_need(compose: dict[str, Any], name: str):
    service = compose["services"][name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service


def test_every_volume_is_declared_and_used(compose: dict[str, Any]):
    used = {
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
    }
    assert used == set(compose["volumes"])


def test_the_containers_start_what_serve_starts(
    compose: dict[str, Any], image: list[dockerfile.Command]
):
    celery = ["python", "-m", "celery", "-A", "ocrportal"]
    assert instruction(image, "CMD").value == ("python", "-m", "gunicorn", *serve.WEB)
    assert "command" not in compose["services"]["web"]
    assert compose["services"]["worker"]["command"] == [*celery, *serve.WORKER]
    exporter = compose["services"]["export-worker"]["command"]
    assert exporter == [*celery, *serve.EXPORT_WORKER]


def test_the_image_runs_as_an_ordinary_user(image: list[dockerfile.Command]):
    assert instruction(image, "USER").value == ("1000",)


def test_the_image_holds_exactly_what_the_portal_is_made_of(image: list[dockerfile.Command]):
    copied = {name for command in image if command.cmd == "COPY" for name in command.value[:-1]}
    let_through = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert set(let_through) == copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert {"ocrportal", "templates", "static", "locale", "manage.py"} <= copied


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    """Run a command of a container for the length of the context."""
    process = subprocess.Popen(as_here(command), cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def as_here(command: list[str]) -> list[str]:
    """The command with this Python instead of the container's, and with Compose's $$ unescaped."""
    ours = (re.sub(r"\bpython\b", sys.executable, word) for word in command)
    return [word.replace("$$", "$") for word in ours]


def becomes_healthy(command: list[str], environment: dict[str, str], seconds: float) -> bool:
    """Whether the health check succeeds within ``seconds``; it is repeated as in a container."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        asked = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
        if asked.returncode == 0:
            return True
        time.sleep(0.2)
    return False


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory, compose: dict[str, Any]) -> dict[str, str]:
    """The environment of the containers after `prepare` has run, with its own SQLite file."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    environment = os.environ | {
        "DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "DATABASE_URL": "",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WORKER_CHILDREN": "1",
        # Health checks must pass although the host name is public and HTTPS is required.
        "ALLOWED_HOSTS": "ocr.example.org",
        "HTTPS": "1",
    }
    command = as_here(compose["services"]["prepare"]["command"])
    prepared = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert "First sign-in: user admin" in prepared.stdout
    return environment


def test_the_web_server_starts_and_its_health_check_finds_it(
    container: dict[str, str], image: list[dockerfile.Command]
):
    kind, *check = instruction(image, "HEALTHCHECK").value
    assert kind == "CMD"
    assert not becomes_healthy(as_here(check), container, seconds=0.1)
    with running(list(instruction(image, "CMD").value), container) as web:
        assert becomes_healthy(as_here(check), container, seconds=30)
        assert web.poll() is None


def test_the_worker_starts_and_its_health_check_finds_it(
    container: dict[str, str], compose: dict[str, Any]
):
    worker = compose["services"]["worker"]
    kind, line = worker["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    with running(worker["command"], container) as process:
        assert becomes_healthy(["sh", "-c", *as_here([line])], container, seconds=60)
        assert process.poll() is None
