"""The cloud: an HTTP server with IAM and all OCR services on one port."""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
import uuid
from functools import partial
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

from ocrportal.catalogue.spec import Service, services
from ocrportal.engines.base import Engine
from tests.fakes.cloud.answers import Answers, units_of
from tests.fakes.cloud.clock import Clock
from tests.fakes.cloud.control import Controls
from tests.fakes.cloud.faults import ConnectionCut, Faults
from tests.fakes.cloud.gateway import Gateway, TokenCheck, check_offer, region_for
from tests.fakes.cloud.iam import Account, Iam, User
from tests.fakes.cloud.ledger import Call, Ledger, SignIn
from tests.fakes.cloud.listener import Listener
from tests.fakes.cloud.question import read_question
from tests.fakes.cloud.refused import Refused
from tests.fakes.cloud.request import Answer, Request
from tests.fakes.cloud.signature import SignatureCheck
from tests.fakes.cloud.throttle import Throttle

_OCR_PATH = re.compile(r"/v2/([^/]+)(/ocr/[a-z-]+)")
_SERVICES = {
    service.path.removeprefix("/v2/{project_id}"): service
    for service in services().values()
    if service.path
}


class FakeCloud:
    """A cloud that runs as a context manager. The docstring of the package shows its use."""

    def __init__(
        self,
        *,
        port: int = 0,
        engine: Engine | None = None,
        region: str | None = None,
        token_check: TokenCheck | None = None,
        controllable: bool = False,
    ) -> None:
        """``port`` 0 selects any free port. ``engine`` recognises the images of general-text.

        ``region`` is the only region it serves; by default it serves all on the same address.
        ``token_check`` validates tokens with another IAM. A ``controllable`` cloud accepts
        control requests over HTTP, see :mod:`tests.fakes.cloud.control`.
        """
        self.clock = Clock()
        self.skew_seconds = 0.0
        """The seconds by which the clock of the cloud is ahead."""
        self.ledger = Ledger()
        self.iam = Iam(self.clock)
        self.throttle = Throttle(self.clock)
        self.faults = Faults()
        self.answers = Answers(engine)
        self.internet: dict[str, bytes] = {}
        """The files by address that the services can fetch."""
        self.account = Account("example-account")
        self.user = User(
            name="ocr-robot",
            password="Correct-Horse-7",
            account=self.account,
            access_key="EXAMPLEAK0123456789A",
            secret_key="ExampleSecretKey0123456789abcdefABCDEF01",
        )
        self.iam.users.append(self.user)
        self._region = region
        self._controls = Controls(self) if controllable else None
        signatures = SignatureCheck(self.clock, self.ledger, self.today)
        self._gateway = Gateway(self.iam, signatures, token_check)
        self._lock = threading.Lock()
        self._listener = Listener(port, self.answer, self.today)
        self.url = self._listener.url

    def __enter__(self) -> Self:
        self._listener.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.faults.close()
        self._listener.stop()

    def today(self) -> dt.datetime:
        """The current time of this cloud."""
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self.skew_seconds)

    def answer(self, request: Request) -> Answer:
        """The response to a request; raises ConnectionCut if there is none."""
        status = None
        try:
            answer = self._answered(request)
            status = answer.status
            return answer
        finally:
            self.ledger.requests.append((request.method, request.path, status))

    def _answered(self, request: Request) -> Answer:
        if self._controls is not None and request.path == Controls.PATH:
            return self._controls.answer(request)
        try:
            if (request.method, request.path) == ("POST", "/v3/auth/tokens"):
                return self._sign_in(request)
            if (request.method, request.path) == ("GET", "/v3/projects"):
                return self.faults.around("projects", None, lambda: self._projects(request))
        except Refused as refused:
            return _refusal(refused)
        return self._called(request)

    def _sign_in(self, request: Request) -> Answer:
        body = _json(request)
        who = _user_named_in(body)
        try:
            answer = self.faults.around("sign-in", None, lambda: self._new_token(body))
        except Refused as refused:
            self.ledger.sign_ins.append(SignIn(who, refused.message))
            raise
        self.ledger.sign_ins.append(SignIn(who, ""))
        return answer

    def _new_token(self, body: Any) -> Answer:
        with self._lock:
            token, reply = self.iam.sign_in(body)
        return Answer.of_json(201, reply, {"X-Subject-Token": token})

    def _projects(self, request: Request) -> Answer:
        asked = parse_qs(request.query).get("name", [None])[0]
        with self._lock:
            name = self._gateway.caller(request).name
            user = next(user for user in self.iam.users if user.name == name)
            reply = self.iam.projects(user, asked)
        return Answer.of_json(200, reply)

    def _called(self, request: Request) -> Answer:
        found = _OCR_PATH.fullmatch(request.path)
        service = _SERVICES.get(found[2]) if found else None
        if found is None or service is None or request.method != "POST":
            return _refusal(Refused("APIG.0101"))
        call = Call(service.key, request.path)
        call.enterprise_project_id = request.header("Enterprise-Project-Id")
        try:
            with self.ledger.at_work():
                work = partial(self._read, request, service, found[1], call)
                answer = self.faults.around("ocr", service.key, work)
        except Refused as refused:
            call.code, call.why = refused.code, refused.why
            answer = _refusal(refused)
        except ConnectionCut:
            self.ledger.calls.append(call)
            raise
        call.status = answer.status
        self.ledger.calls.append(call)
        return answer

    def _read(self, request: Request, service: Service, project_id: str, call: Call) -> Answer:
        with self._lock:
            caller = self._gateway.caller(request)
            call.caller = caller.name
            check_offer(self.account, service, region_for(caller, project_id, self._region))
            self.throttle.pass_one(caller.name, service.key)
        content_type = request.header("Content-Type")
        question = read_question(service, request.body, content_type, self.internet)
        call.sent, call.picture, call.options = question.sent, question.digest, question.options
        body = self.answers.answer(service, question)
        call.units = units_of(body)
        return Answer.of_json(200, body, {"X-Request-Id": uuid.uuid4().hex})


def _refusal(refused: Refused) -> Answer:
    request_id = uuid.uuid4().hex
    headers = {"X-Request-Id": request_id}
    if refused.code.startswith("portal:"):  # what comes without a code of the cloud's
        return Answer(refused.status, refused.message.encode(), "text/plain", headers)
    return Answer.of_json(refused.status, refused.body(request_id), headers)


def _json(request: Request) -> Any:
    try:
        return json.loads(request.body)
    except ValueError as error:
        raise Refused("IAM:bad-request", why=str(error)) from error


def _user_named_in(body: Any) -> str:
    try:
        return str(body["auth"]["identity"]["password"]["user"]["name"])
    except (KeyError, TypeError):
        return ""
