"""Do imported complaints keep the promises of the policy that the import names, and no others?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from projections.sla import Kept, Question, report
from recovery.policy.library import NONE, InForce
from recovery.policybook import adopt
from tests.cast import ADA, NINE
from tests.commands import Recovery
from tests.desks import TestDesk
from tests.importing.files import FORMATS, ROWS
from web.importing import mapping
from web.importing.run import run_import

BUREAU = """
id = "bureau"
title = "Companies answer complaints of the bureau"
source = "A test"
status = "confirmed"
zone = "America/New_York"
milestones = ["sent_to_company"]

[[version]]
name = "first"
from = 2000-01-01

[[version.clock]]
name = "respond"
start = ["sent_to_company"]
stop = ["explained"]
within = "15 days"
"""
OPEN = {**ROWS[1], "Complaint ID": "503", "Date sent to company": "2015-03-23"}
YEAR_2016 = datetime.fromisoformat("2016-01-01T00:00:00+00:00")


def promises(desk: TestDesk, tmp_path: Path, policy: InForce) -> tuple[Kept, ...]:
    FORMATS["comma.csv"](tmp_path / "a.csv", [*ROWS, OPEN])
    done = run_import(
        store=desk.store, vault=desk.vault, secret=b"secret", path=tmp_path / "a.csv",
        mapping=mapping.load("cfpb"), policy=policy,
    )  # fmt: skip
    assert done.imported == 3
    desk.engine.catch_up()
    with desk.store.database.engine.connect() as conn:
        return report(conn, Question(as_of=YEAR_2016, zone="America/New_York")).all.promises


def test_the_clocks_of_the_named_policy_run_over_what_the_file_says(
    desk: TestDesk, tmp_path: Path
) -> None:
    adopt(desk.store, desk.policies, BUREAU, by=ADA, at=NINE, reason="A trial.")

    [respond] = promises(desk, tmp_path, desk.policies.in_force("bureau"))

    # Answered on a day that is not published; never sent to the company; sent and still open.
    assert respond == Kept(
        clock="respond", not_known=1, without_promise=1, breached=1, breached_open=1, attainment=0.0
    )


def test_without_a_policy_nothing_is_promised(desk: TestDesk, tmp_path: Path) -> None:
    assert promises(desk, tmp_path, NONE) == ()


def test_a_policy_is_named_by_option_or_mapping_and_must_be_adopted(
    recovery: Recovery, tmp_path: Path
) -> None:  # fmt: skip
    FORMATS["comma.csv"](tmp_path / "a.csv", ROWS)
    preset = (mapping.PRESETS / "cfpb.toml").read_text("utf-8")
    (tmp_path / "mine.toml").write_text(f'policy = "moon"\n{preset}', "utf-8")

    unknown = recovery("import", "a.csv", "--mapping", "mine.toml")
    bound = recovery("import", "a.csv", "--mapping", "mine.toml", "--policy", "house", "--json")
    told = recovery("audit", "sla", "--by", "policy", "--json")

    assert unknown[0] == 1
    assert 'No policy "moon" is in force' in unknown[2]
    assert bound[0] == 0
    assert '"name":"house","received":2' in told[1]
