"""How busy is this process, for Prometheus?"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from projections.health import Health

BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds."""
API = "/api/v1"


class Metrics:
    """What one process counts."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self.requests = Histogram(
            "recovery_request_seconds", "Time to answer a request",
            ("method", "route", "status"), buckets=BUCKETS, registry=self._registry,
        )  # fmt: skip

    def text(self, projections: Iterable[Health]) -> bytes:
        """The numbers of this process, and the places of the projections."""
        return generate_latest(self._registry) + generate_latest(_Places(projections))


class _Places(CollectorRegistry):
    """The places of the projections, as they were when asked."""

    def __init__(self, projections: Iterable[Health]) -> None:
        super().__init__()
        self._projections = list(projections)

    def collect(self) -> Iterator[Metric]:
        head = max((p.head for p in self._projections), default=0)
        yield GaugeMetricFamily("recovery_log_head", "Last position of the log", value=head)
        lag = GaugeMetricFamily(
            "recovery_projection_lag", "Events a projection has not seen", labels=["projection"]
        )
        stopped = GaugeMetricFamily(
            "recovery_projection_stopped", "1 when a projection has stopped", labels=["projection"]
        )
        for place in self._projections:
            lag.add_metric([place.name], place.lag)
            stopped.add_metric([place.name], place.stopped_reason is not None)
        yield lag
        yield stopped


class Measured:
    """ASGI middleware that times each request, by the route's pattern and never by its address."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._requests = metrics.requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            labels = (scope["method"], _pattern(scope), str(status))
            self._requests.labels(*labels).observe(time.perf_counter() - began)


def _pattern(scope: Scope) -> str:
    """The pattern of the route that answered; the API's routes do not know their own prefix."""
    pattern: str = getattr(scope.get("route"), "path", "none")
    within_api = scope["path"].startswith(API) and not pattern.startswith(API)
    return API + pattern if within_api and pattern != "none" else pattern
