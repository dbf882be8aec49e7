"""How long does an audit of a long history take, and its picture?

The rows of the projection are made in the database: what is measured is the question, not the log.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import psutil

from projections import fairness_counts
from projections.fairness_names import Known
from recovery.fairness.records import Answer, Question
from tests.benchmarks.figures import Figure, at_most, under
from tests.benchmarks.ground import Ground, Sizes
from web.fairness import charts
from web.fairness.running import reckon
from web.runtime import Runtime

TIMES = 50
"""As many complaints as this many histories of the other benchmarks: a million in full."""
AS_OF = datetime(2026, 12, 31, tzinfo=UTC)
ROWS = """
insert into read.fairness (complaint, received_at, source, policy, policy_version, channel,
  language, tier, category, product, severity, attributes, agent, acknowledged, acknowledged_at,
  explained, explained_at, ended, ended_at, outcome, outcome_at, relief, relief_at, money, money_at,
  kind_known, reopened, reopened_at, contested, contested_at, contest_known, escalated,
  escalated_at, grants, happened, accepted, desired, losses, owed, survey, wishes)
select 'B' || n, at, '', 'house', '1', (array['email', 'phone', 'web'])[n %% 3 + 1], 'en', 'gold',
  'billing', 'product ' || n %% 12, 'normal', '{}', '', true, at + '1 hour', true, at + '1 day',
  case when n %% 20 > 0 then 'closed' else '' end,
  case when n %% 20 > 0 then at + make_interval(secs => 60 * (n::bigint * 7919 %% 20000)) end,
  'upheld', at, n %% 5 = 0, at, n %% (7 + n %% 3) = 0, at, true, false, null, false, null, true,
  false, null, '[]', '{}', false, '[]', '[]', '[]', '{}', '{}'
from (select n, timestamptz '2026-01-01' + make_interval(secs => n * 20) as at
      from generate_series(1, %s) n) made
"""


def measure(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Three groups in twelve strata, waiting by group, and the picture of each."""
    runtime, complaints = ground.desk(), TIMES * sizes.complaints
    with runtime.database.connection() as conn:
        conn.execute(ROWS, (complaints,))
        conn.execute("vacuum analyze read.fairness")
    shares = Question(measure="money_relief", group="channel", strata=("product",), as_of=AS_OF)
    waits = Question(measure="time_to_close", group="channel", as_of=AS_OF)
    reckoned = _ask(runtime, shares)  # loads the libraries
    drawn = iter(range(1_000))

    plain = _ask(runtime, msgspec.structs.replace(shares, strata=()))

    def picture(of: Answer, digest: str = "") -> None:
        charts.pictures(
            of, shares, lambda said: said, digest=digest or f"bench-{next(drawn)}", language="en"
        )

    picture(reckoned, "bench")
    found = [
        Figure.of(
            name, says.format(f"{complaints:,}"), _seconds(work, sizes.repetitions), "s",
            at_most(bound),
        )
        for name, says, work, bound in (
            ("audit", "audit of {} complaints, three groups in twelve strata",
             lambda: _ask(runtime, shares), 2.0),
            ("audit_times", "how long three groups of {} complaints waited",
             lambda: _ask(runtime, waits), 5.0),
            ("audit_picture", "each picture of an audit of {} complaints, drawn anew",
             lambda: picture(plain), 0.3),
            ("audit_pictures_kept", "both of its pictures of {} complaints, once they are kept",
             lambda: picture(reckoned, "bench"), 0.01),
        )
    ]  # fmt: skip
    ground.drop(runtime)
    used = psutil.Process().memory_info().rss / 1e6
    says = f"memory of the process that audited {complaints:,} complaints (resident)"
    return [*found, Figure.of("audit_memory", says, [used], "MB", under(500))]


def _ask(runtime: Runtime, question: Question) -> Answer:
    with runtime.database.engine.connect() as conn:
        asked = fairness_counts.resolve(question, Known((), (), ()))
        return reckon(conn, question, asked, runtime.policies)[1]


def _seconds(work: Callable[[], object], repetitions: int) -> list[float]:
    found = []
    for _ in range(repetitions):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return found
