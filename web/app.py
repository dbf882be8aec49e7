"""Of which parts is the web server made?"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from recovery import files
from web import api, errors, health
from web.collecting import keep_what_is_loaded
from web.directory import Directory
from web.door import routes as door
from web.door.patience import Patience
from web.fairness import uploading
from web.headers import SecurityHeaders
from web.limits import BodyLimit
from web.metrics import Measured, Metrics
from web.pages import routes as pages
from web.paying import statements
from web.runtime import Runtime
from web.server import end_with_parent
from web.settings import load
from web.tracing import Traced, Traces

FORM = 1_048_576
"""What else stands in a form that files come with."""
LARGER = {
    re.compile("/paying/answers"): statements.LARGEST + FORM,
    re.compile("/audits/areas(/preview)?"): uploading.LARGEST + FORM,
    re.compile("/complaints/[^/]+/(drafts/[^/]+/files|[^/]+)"): files.LARGEST + FORM,
    re.compile("/api/v1/complaints/[^/]+/[^/]+"): files.LARGEST * 4 // 3 + FORM,
    re.compile("/complain(/later)?|/mine/[^/]+/message"): 4 * files.LARGEST,
}
"""Where files come in: those of banks, tables of areas, those that go along with letters, and what
complainants send: more than is kept, so that a form with too much comes back with its words.
"""


def create_app(runtime: Runtime) -> FastAPI:
    """The server over an open desk; whoever opened the desk closes it."""
    return _assemble(runtime, None)


def application() -> FastAPI:
    """One of several processes, with a desk of its own from the settings."""
    end_with_parent()
    runtime = Runtime.open(load())
    return _assemble(runtime, runtime)


def _assemble(runtime: Runtime, owned: Runtime | None) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # As many threads as there are connections for them: more would only wait for one.
        limiter = current_default_thread_limiter()
        limiter.total_tokens = 2 * runtime.settings.database_connections
        keep_what_is_loaded()
        yield
        if owned:
            owned.close()

    app = FastAPI(
        title="Recovery", lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None,
    )  # fmt: skip
    app.state.runtime = runtime
    app.state.metrics = Metrics()
    app.state.patience = Patience()
    app.add_middleware(BodyLimit, limit=runtime.settings.body_limit, larger=LARGER)
    app.add_middleware(SecurityHeaders, https=runtime.settings.https)
    app.add_middleware(Traced, traces=Traces(runtime.database))
    app.add_middleware(Measured, metrics=app.state.metrics)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=runtime.settings.proxies)
    errors.install(app)
    # As they are: FastAPI would wrap what it includes, and look through the wrapping every time.
    app.router.routes.extend([*pages.router.routes, *health.router.routes])
    app.include_router(api.router)
    app.router.routes.extend(door.router.routes)
    app.router.middleware_stack = Directory(app.router)
    return app
