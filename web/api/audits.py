"""What can a program ask about how fairly complaints were treated?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from recovery import auditrun
from recovery.errors import Forbidden
from web.api import bodies
from web.api.calls import Calling, answer
from web.api.reading import Reads
from web.api.schema import asks
from web.deps import Desk, Reader, Writer
from web.fairness import running
from web.fairness.asking import asked
from web.fairness.stored import audit
from web.fairness.telling import as_json

router = APIRouter(prefix="/audits", tags=["audits"])


async def _audits(caller: Writer) -> None:
    """Raises Forbidden."""
    if not caller.user.may("supervisor"):
        raise Forbidden("Audits are run by people with the role of a supervisor.")


@router.post(
    "/fairness", dependencies=[Depends(_audits)], openapi_extra=asks(bodies.FairnessAudit),
    status_code=201,
)  # fmt: skip
def run(
    call: Calling,
    body: Annotated[bodies.FairnessAudit, Depends(Reads(bodies.FairnessAudit))],
) -> Response:
    """Compare groups of complaints, and put question and answer on record."""
    given = {
        "measure": body.measure, "group": body.group, "stratify": ",".join(body.stratify),
        "from": body.since, "to": body.until, "period": body.period, "zone": body.zone,
        "as_of": body.as_of, "reference": body.reference, "currency": body.currency,
        "limit": f"{body.limit:g}" if body.limit is not None else "", **body.where,
    }  # fmt: skip
    desk = call.runtime
    question = asked(given, now=call.now, zone=desk.settings.time_zone)
    done = running.run(desk, question, by=call.by, at=call.now, command=call.command)
    return answer(as_json(audit(desk.store, auditrun.id_of(done))), status=201)


@router.get("/{id}")
def one(
    desk: Desk, caller: Reader, id: Annotated[str, Path(description="Of an audit", max_length=40)]
) -> Response:
    """An audit as it was recorded, and whether it was signed off."""
    if not caller.user.may("supervisor"):
        raise Forbidden("Audits are read by people with the role of a supervisor.")
    found = audit(desk.store, id)
    return answer(as_json(found), version=found.version)
