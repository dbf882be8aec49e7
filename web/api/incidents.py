"""How does a program write down what befell many complainants at once?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from projections.befallen import befallen
from recovery import incidents as many
from recovery import reference as references
from recovery.errors import Forbidden, Invalid
from web.api import bodies
from web.api.calls import Calling, answer
from web.api.reading import Reads
from web.api.schema import asks
from web.deps import Writer

router = APIRouter(tags=["payouts"])


async def _may(caller: Writer) -> None:
    """Raises Forbidden."""
    if not caller.user.may("supervisor"):
        raise Forbidden("Incidents of many are recorded by people with the role of a supervisor.")


@router.post("/incidents", dependencies=[Depends(_may)], openapi_extra=asks(bodies.ManyIncidents))
def record(
    call: Calling, body: Annotated[bodies.ManyIncidents, Depends(Reads(bodies.ManyIncidents))]
) -> Response:
    """Record one incident on many complaints; sent again under its name, nothing is done twice."""
    if bool(body.references) == bool(body.where):
        raise Invalid("Give either references or what is known of them.", field="references")
    chosen = [references.parse(each) for each in body.references]
    if body.where:
        with call.runtime.database.engine.connect() as conn:
            chosen = befallen(conn, body.where, zone=call.runtime.settings.time_zone)
    asked = call.asked(body)
    incident = many.Incident(
        name=body.name, facts=bodies.facts_as_text(body.facts), by=asked["by"], at=asked["at"]
    )
    recorded, left_out, position = 0, list[tuple[str, str]](), 0
    for part in many.record(call.runtime.store, incident, chosen):
        recorded += part.recorded
        left_out += part.left_out
        position = max(position, part.position)
    return answer({
        "name": body.name, "complaints": len(chosen), "recorded": recorded, "position": position,
        "left_out": [{"reference": references.show(r), "reason": why} for r, why in left_out],
    })  # fmt: skip
