"""What is this message, from its bytes alone?

The one door of this package. It never raises, takes time and memory in proportion to the message,
and gives the same record for the same bytes.
"""

from __future__ import annotations

from web.mail.reading import identity, machines, notices, reports
from web.mail.reading.attachments import NESTED, Files, gather
from web.mail.reading.headers import Block
from web.mail.reading.limits import DEPTH
from web.mail.reading.parts import Tree
from web.mail.reading.records import (
    Envelope,
    Here,
    Identity,
    MessageKind,
    Report,
    Sign,
    Trouble,
    Understood,
    Words,
)
from web.mail.reading.words import Body, Gatherer, together, words

NOBODY = Here()
UNTOLD = Envelope()
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_RETURN = b"\r"
_SAID = ("text/plain", "text/html")


def understand(raw: bytes, *, here: Here = NOBODY, envelope: Envelope = UNTOLD) -> Understood:
    """Everything a message says of itself, and what could not be understood."""
    try:
        return _understood(_with_lines(raw), here, envelope)
    except Exception as error:  # whatever strangers send: the message is held, not the intake
        return _misread(raw, error)


def _understood(raw: bytes, here: Here, envelope: Envelope) -> Understood:
    tree = Tree(raw)
    block = tree.root.block
    who = identity.read(block, here, envelope)
    gatherer = Gatherer(tree)
    files = gather(tree)
    said = _said(tree, gatherer, files)
    found = machines.signs(block, who, here)
    reported = _reported(tree, block, said.plain, who, found, here)
    if reported:
        found = (*found, Sign(code="report" if _is_formal(tree) else "bounce_text"))
    kind = reported[0] if reported else machines.kind(found)
    troubles = (*tree.told(), *gatherer.troubles, *_noticed(block, who, files))
    return Understood(
        kind=kind, signs=found, answerable=machines.answerable(found, who), identity=who,
        words=said, attachments=files.attachments, report=reported[1] if reported else None,
        troubles=tuple(dict.fromkeys(troubles)),
        held=_held(raw, tree, who, said, files) if kind == "human" else None,
    )  # fmt: skip


def _with_lines(raw: bytes) -> bytes:
    """With line ends that can be found: some very old programs wrote lone returns."""
    if b"\n" not in raw[:65536] and _RETURN in raw[:65536]:
        return raw.replace(_RETURN, b"\n")
    return raw


def _said(tree: Tree, gatherer: Gatherer, files: Files) -> Words:
    """The message's own words; else what Outlook packed, a lone text file, or the message in it."""
    body = gatherer.body(tree.root)
    if not body:
        packed = [_packed(gatherer, w.plain, w.html) for w in files.winmail]
        body = together([one for one in packed if one]) or body
    if not body:
        texts = [f for f in files.attachments if f.inline and f.declared in _SAID]
        body = together([gatherer.read(f.content, f.declared, "") for f in texts[:1]]) or body
    nested = [file for file in files.attachments if file.declared in NESTED]
    if not body and len(nested) == 1:
        return _nested(nested[0].content, DEPTH) or words(body)
    return words(body)


def _packed(gatherer: Gatherer, plain: str, html: str) -> Body:
    if html:
        body = gatherer.read(html.encode(), "text/html", "utf-8")
    else:
        body = gatherer.read(plain.encode(), "text/plain", "utf-8")
    return body._replace(source="tnef")


def _nested(raw: bytes, depth: int) -> Words | None:
    """The words of the message within, or the one within that; None when there are none."""
    for _ in range(depth):
        tree = Tree(raw)
        body = Gatherer(tree).body(tree.root)
        if body:
            return words(body._replace(source="nested"))
        within = [leaf for leaf in tree.root.leaves() if leaf.type in NESTED]
        if len(within) != 1:
            return None
        raw = tree.content(within[0])
    return None


def _reported(
    tree: Tree, block: Block, text: str, who: Identity, found: tuple[Sign, ...], here: Here
) -> tuple[MessageKind, Report] | None:
    """The report, in fields or in words."""
    formal = reports.read(tree, text)
    if formal:
        return formal
    codes = {sign.code for sign in found}
    if "auto_reply_subject" in codes:
        return None
    ours = (*here.addresses, *(party.address for party in who.to))
    machine = bool(codes & {"machine_sender", "null_sender"})
    notice = notices.read(block, text, machine=machine, ours=ours)
    return (reports.kind_of(notice.recipients), notice) if notice else None


def _is_formal(tree: Tree) -> bool:
    return any(leaf.type in reports.FIELDS for leaf in tree.root.leaves())


def _noticed(block: Block, who: Identity, files: Files) -> list[Trouble]:
    troubles: list[Trouble] = []
    if not block:
        troubles.append(Trouble(code="no_header"))
    if who.date_given and who.date is None:
        troubles.append(Trouble(code="bad_date", detail=who.date_given))
    if any(not winmail.whole for winmail in files.winmail):
        troubles.append(Trouble(code="bad_tnef"))
    return troubles


def _held(raw: bytes, tree: Tree, who: Identity, said: Words, files: Files) -> Trouble | None:
    """Why a person has to look before this becomes a complaint; only what is true of it."""
    if not raw.strip(b"\0 \t\r\n"):
        return Trouble(code="empty")
    if not tree.root.block:
        return Trouble(code="no_header")
    if not who.sender.address and not any(party.address for party in who.reply_to):
        return Trouble(code="no_sender", detail=who.sender.name)
    if said.plain.strip():
        return None
    leaves = (tree.root, *tree.root.leaves())
    if any(part.type in _ENCRYPTED for part in leaves):
        return Trouble(code="encrypted")
    return None if files.attachments or who.subject else Trouble(code="no_words")


def _misread(raw: bytes, error: Exception) -> Understood:
    """Held, with the kind of fault and none of the message's words."""
    fault = Trouble(code="misread", detail=type(error).__name__)
    return Understood(
        kind="human", signs=(), answerable=False, identity=Identity(), words=Words(),
        troubles=(fault,), held=fault,
    )  # fmt: skip
