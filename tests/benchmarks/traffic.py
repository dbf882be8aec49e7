"""How do browsers and programs ask, with as little work of their own as possible?"""

from __future__ import annotations

import http.client
import json
import time
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from tests.benchmarks.serving import Served
from web.accounts import Role, User
from web.runtime import Runtime

PASSWORD = "measure twice, cut once"


class Client:
    """One connection that is kept open; every answer must have the status that is expected."""

    def __init__(self, host: str, port: int, headers: dict[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=30)
        self.headers = headers or {}

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._connection.close()

    def get(self, path: str) -> bytes:
        return self._ask("GET", path, None, self.headers, 200)

    def ask(self, path: str, **given: str) -> bytes:
        """The page with these in its address."""
        return self.get(f"{path}?{urlencode(given)}")

    def timed(self, path: str) -> float:
        """Milliseconds until the page was here."""
        began = time.perf_counter()
        self.get(path)
        return (time.perf_counter() - began) * 1000

    def post(self, path: str, body: Any, *, key: str, status: int = 200) -> Any:
        headers = self.headers | {"Content-Type": "application/json", "Idempotency-Key": key}
        return json.loads(self._ask("POST", path, json.dumps(body).encode(), headers, status))

    def sign_in(self, email: str) -> None:
        """As a browser does; the cookie is kept."""
        form = urlencode({"email": email, "password": PASSWORD}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request("POST", "/sign-in", form, headers)
        answer = self._connection.getresponse()
        answer.read()
        cookie = answer.getheader("Set-Cookie")
        if answer.status != 303 or cookie is None:
            raise RuntimeError(f"signing in was answered with {answer.status}")
        self.headers["Cookie"] = cookie.partition(";")[0]

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], status: int
    ) -> bytes:
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != status:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content


def browser(runtime: Runtime, server: Served, role: Role = "agent") -> Client:
    """A browser that somebody with the role has signed in with."""
    client = Client(server.host, server.port)
    client.sign_in(agent(runtime, role).email)
    return client


def program(runtime: Runtime, name: str) -> dict[str, str]:
    """The headers of a program that may read and write complaints."""
    token = runtime.tokens.add(
        name=name, user=agent(runtime), scopes=("complaints:read", "complaints:write")
    )
    return {"Authorization": f"Bearer {token}"}


def agent(runtime: Runtime, role: Role = "agent") -> User:
    """The one who does all the work of the role here."""
    found = [user for user in runtime.accounts.users() if user.role == role]
    name = "Ana" if role == "agent" else role.title()
    return found[0] if found else runtime.accounts.add_user(
        email=f"{name.lower()}@desk.test", name=name, role=role, password=PASSWORD
    )  # fmt: skip


def references(runtime: Runtime, wanted: int) -> list[str]:
    """Complaints from everywhere in the history: references are drawn by chance."""
    with runtime.database.connection() as conn:
        rows = conn.execute(
            "select reference from read.queue order by reference limit %s", (wanted,)
        ).fetchall()
    return [row[0] for row in rows]
