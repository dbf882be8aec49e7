"""How does a program say whom of the staff a complaint is about?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from recovery.errors import Forbidden
from web.api import bodies
from web.api.calls import Calling, Reference, changed
from web.api.reading import Reads
from web.api.schema import asks
from web.deps import Writer

router = APIRouter(prefix="/complaints/{reference}", tags=["acts"])


async def _may(caller: Writer) -> None:
    """Raises Forbidden."""
    if not caller.user.may("supervisor"):
        raise Forbidden("Supervisors say whom of the staff a complaint is about.")


@router.post("/staff", dependencies=[Depends(_may)], openapi_extra=asks(bodies.StaffConcerned))
def name(
    call: Calling, reference: Reference,
    body: Annotated[bodies.StaffConcerned, Depends(Reads(bodies.StaffConcerned))],
) -> Response:  # fmt: skip
    """Hide the complaint from the colleagues whom it is about; an empty list takes it back."""
    staff = [call.runtime.accounts.named(each).by for each in body.staff]
    return changed(call.runtime.staff.name(reference, staff=staff, **call.asked(body)))
