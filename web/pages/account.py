"""To which account does money of this complaint go, and how is another one written down?"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from projections import payees
from projections.health import wait_for
from projections.payees import Payee
from projections.whole import ticket as ticket_of
from recovery import reference as references
from recovery import text as texts
from recovery.errors import CommandReused, Invalid, NotFound, Stale
from recovery.paying.account import Account, Iban, OtherAccount, Party, UkAccount
from web.deps import Agent, Desk
from web.pages.acts import identity, one_of
from web.pages.form import Form, Sent
from web.pages.reading import names, papers, reader
from web.pages.render import go, page
from web.pages.sentences import translated
from web.pages.viewer import Viewer
from web.runtime import Runtime

KINDS = ("iban", "uk", "other")
FIELDS = ("account_name", "iban", "bic", "sort_code", "account_number", "account_scheme", "kind")
router = APIRouter(prefix="/complaints/{reference}/account")


@router.get("")
def show(request: Request, desk: Desk, me: Agent, reference: str) -> Response:
    """The account as far as anybody needs to see it, and a form for another."""
    return _page(request, desk, references.parse(reference), Form("account", {"kind": "iban"}))


@router.post("")
def give(
    request: Request, desk: Desk, me: Agent, reference: str,
    data: Sent,
) -> Response:  # fmt: skip
    """Write down where the money goes."""
    found, viewer = references.parse(reference), Viewer.of(request)
    form, seen = Form.sent("account", data), str(data.get("seen") or "")
    try:
        done = desk.payees.give(
            found, by=me.by, at=viewer.now, party=_party(form),
            seen=texts.whole(seen),
            command=identity(me.by, str(data.get("command") or ""), form),
        )  # fmt: skip
    except Invalid as wrong:
        sentence = translated(str(wrong), viewer)
        beside = {wrong.field: sentence} if wrong.field in FIELDS else {}
        again = form.with_errors(beside, "" if beside else sentence)
        return _page(request, desk, found, again, status=422)
    except (Stale, CommandReused):
        again = form.with_errors({}, viewer.say("Somebody wrote down another account meanwhile."))
        return _page(request, desk, found, again, status=409)
    with reader(desk) as conn:
        wait_for(conn, done.position)
    return go(f"/complaints/{references.show(found)}?done=account")


def _party(form: Form) -> Party:
    kind = one_of(form, "kind", KINDS, "Choose what kind of account it is.")
    number = form.value("account_number")
    account: Account
    if kind == "iban":
        account = Iban.parse(form.value("iban"), form.value("bic"))
    elif kind == "uk":
        account = UkAccount.parse(form.value("sort_code"), number)
    else:
        account = OtherAccount.parse(form.value("account_scheme"), number, form.value("bic"))
    return Party.parse(form.value("account_name"), account)


def masked(party: Party) -> str:
    """Enough to know the account by, and too little to pay to: "Mr Lee, …2606"."""
    return f"{party.name}, …{party.account.ending}"


def _page(
    request: Request, desk: Runtime, reference: str, form: Form, *, status: int = 200
) -> Response:
    viewer = Viewer.of(request)
    with reader(desk) as conn:
        if ticket_of(conn, reference) is None:
            raise NotFound(f"There is no complaint {references.show(reference)}.")
        payee = payees.of_complaint(conn, reference)
        opened = papers(conn, desk, [payee.account] if payee else [], viewer)
    known = opened.get(payee.account) if payee else None
    return page(
        request, "paying/account.html", viewer=viewer, status=status, form=form, kinds=KINDS,
        reference=references.show(reference), version=payee.version if payee else 0,
        account=masked(Party.opened(known)) if known else "", given=_given(payee, desk, viewer),
    )  # fmt: skip


def _given(payee: Payee | None, desk: Runtime, viewer: Viewer) -> str:
    """Who wrote it down, and when."""
    if payee is None or payee.at is None:
        return ""
    who = names(desk).get(payee.by, payee.by)
    return viewer.say("Written down by %(who)s, %(when)s") % {
        "who": who, "when": viewer.short(payee.at),
    }  # fmt: skip
