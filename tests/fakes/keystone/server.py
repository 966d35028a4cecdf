"""Start and stop a Keystone server, and create its accounts."""

from __future__ import annotations

import socket
import subprocess
import time
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests
from cryptography.fernet import Fernet

from tests.fakes.cloud.gateway import Caller
from tests.fakes.cloud.refused import Refused

ROOT = Path(__file__).parents[3]
PROGRAMS = ROOT / ".venv-keystone" / "bin"
FAILURES_BEFORE_LOCK = 3
_ADMIN_PASSWORD = "keys to all tokens"
_START_SECONDS = 60
_CONFIGURATION = """\
[database]
connection = sqlite:///{folder}/keystone.db
[fernet_tokens]
key_repository = {folder}/token-keys
[fernet_receipts]
key_repository = {folder}/token-keys
[credential]
key_repository = {folder}/credential-keys
[token]
expiration = {token_seconds}
allow_expired_window = 0
[security_compliance]
lockout_failure_attempts = {failures}
lockout_duration = 900
[identity]
password_hash_algorithm = bcrypt
password_hash_rounds = 4
[cache]
enabled = false
"""


class Keystone:
    """A Keystone that runs as a context manager, initially without users."""

    def __init__(self, folder: Path, *, token_seconds: int = 3600) -> None:
        """``folder`` is the folder of its database, which several servers can share.

        Issued tokens are valid for ``token_seconds``.
        """
        self._folder = folder
        self._port = _free_port()
        self._configuration = folder / f"keystone-{self._port}.conf"
        self._log = folder / f"keystone-{self._port}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}"
        text = _CONFIGURATION.format(
            folder=folder, token_seconds=token_seconds, failures=FAILURES_BEFORE_LOCK
        )
        self._configuration.write_text(text)

    def __enter__(self) -> Self:
        if not (self._folder / "keystone.db").exists():
            self._make_token_keys()
            self._manage("db_sync")
            self._manage("bootstrap", "--bootstrap-password", _ADMIN_PASSWORD)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAMS / "python", Path(__file__).parent / "serve.py",
                 self._configuration, str(self._port)],
                stdout=log,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
        self._wait_until_ready(self._process)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)

    def add_account(self, name: str, *projects: str) -> dict[str, str]:
        """A domain with these projects; their ids by name."""
        domain = self._make("domain", name=name)
        return {
            project: self._make("project", name=project, domain_id=domain) for project in projects
        }

    def add_user(self, account: str, name: str, password: str, project_id: str) -> str:
        """A user of a domain who may act in one project; the user's id."""
        domain = self._find("domain", account)
        user = self._make("user", name=name, password=password, domain_id=domain)
        member = self._find("role", "member")
        self._ask("PUT", f"/v3/projects/{project_id}/users/{user}/roles/{member}")
        return user

    def change_password(self, user_id: str, password: str) -> None:
        """Change the password, which revokes the tokens of the user.

        Comes back in the next second: tokens bear whole seconds, so Keystone takes one signed
        in the second of the change for one from before it.
        """
        self._ask("PATCH", f"/v3/users/{user_id}", {"user": {"password": password}})
        time.sleep(1.0 - time.time() % 1.0)

    def revoke(self, token: str) -> None:
        """Revoke one token."""
        self._ask("DELETE", "/v3/auth/tokens", subject=token)

    def caller(self, token: str) -> Caller:
        """The caller of a token, for the gateway of the test cloud; raises Refused."""
        answer = self._answer("GET", "/v3/auth/tokens", subject=token)
        if answer.status_code == 404:
            raise Refused("APIG.0307")
        answer.raise_for_status()
        token_data = answer.json()["token"]
        project = token_data.get("project")
        projects = {project["name"]: project["id"]} if project else {}
        return Caller(token_data["user"]["name"], projects, has_token=True)

    def wait_until_expired(self, token: str) -> None:
        """Return once a token is expired."""
        ends = time.monotonic() + _START_SECONDS
        while self._answer("GET", "/v3/auth/tokens", subject=token).status_code != 404:
            assert time.monotonic() < ends, "the token does not expire"
            time.sleep(0.1)

    def _make_token_keys(self) -> None:
        """Create the keys as ``keystone-manage`` does, but faster: key 1 signs, key 0 is next."""
        folder = self._folder / "token-keys"
        folder.mkdir(mode=0o700)
        for name in ("0", "1"):
            (folder / name).write_bytes(Fernet.generate_key())

    def _manage(self, *arguments: str) -> None:
        program = PROGRAMS / "keystone-manage"
        assert program.exists(), "Keystone is not installed: make .venv-keystone/.requirements"
        run = subprocess.run(
            [program, "--config-file", self._configuration, *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        ends = time.monotonic() + _START_SECONDS
        while time.monotonic() < ends:
            assert process.poll() is None, self._log.read_text()
            try:
                requests.get(f"{self.url}/v3", timeout=10)
            except requests.ConnectionError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(self._log.read_text())

    def _make(self, kind: str, **facts: str) -> str:
        made = self._ask("POST", f"/v3/{kind}s", {kind: facts})
        return str(made[kind]["id"])

    def _find(self, kind: str, name: str) -> str:
        (found,) = self._ask("GET", f"/v3/{kind}s?name={name}")[f"{kind}s"]
        return str(found["id"])

    def _ask(self, method: str, path: str, body: Any = None, subject: str = "") -> Any:
        answer = self._answer(method, path, body, subject)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def _answer(
        self, method: str, path: str, body: Any = None, subject: str = ""
    ) -> requests.Response:
        headers = {"X-Auth-Token": self._admin_token}
        if subject:
            headers["X-Subject-Token"] = subject
        return requests.request(method, self.url + path, json=body, headers=headers, timeout=30)

    @cached_property
    def _admin_token(self) -> str:
        domain = {"id": "default"}
        user = {"name": "admin", "password": _ADMIN_PASSWORD, "domain": domain}
        login = {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"name": "admin", "domain": domain}},
        }
        answer = requests.post(f"{self.url}/v3/auth/tokens", json={"auth": login}, timeout=30)
        assert answer.status_code == 201, answer.text
        return answer.headers["X-Subject-Token"]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
