"""How do we tell a person what a code of this package means?"""

from __future__ import annotations

from web.i18n import mark
from web.mail.reading.records import Risk, TroubleCode, Why

TROUBLES: dict[TroubleCode, str] = {
    "empty": mark("The message is empty."),
    "no_header": mark("The message has no header, so nobody knows who sent it."),
    "no_sender": mark("The message names no address that could be answered."),
    "no_words": mark("The message has neither words nor a subject nor files."),
    "encrypted": mark("The words are encrypted or sealed into a signature; they cannot be read."),
    "header_cut": mark("The header is unusually long; the end of it was not read."),
    "too_many_parts": mark(
        "The message has more parts than are read; the rest is in the original."
    ),
    "too_deep": mark("Parts lie too deep inside one another; the innermost are kept undivided."),
    "text_cut": mark("The text is longer than is shown; all of it is in the original."),
    "bad_boundary": mark("The message is not divided the way it says; it was read as plain text."),
    "bad_encoding": mark("A part was damaged on the way; some of it may be missing."),
    "bad_charset": mark("Some letters could not be read in any known writing."),
    "bad_date": mark("The date the sender gave is none."),
    "bad_tnef": mark("The winmail.dat file is damaged; what could be unpacked stands beside it."),
    "misread": mark("Reading the message failed for a reason that lies with this program."),
}
"""What was wrong with a message, or why it is held."""

WHYS: dict[Why, str] = {
    "no_such_mailbox": mark("There is no such mailbox."),
    "mailbox_full": mark("The mailbox is full."),
    "mailbox_disabled": mark("The mailbox is closed."),
    "no_such_domain": mark("There is no such mail domain."),
    "too_large": mark("The message is too large for the mailbox."),
    "refused_as_spam": mark("The other server took the message for spam."),
    "refused_by_policy": mark("The other server does not take messages from us."),
    "unreachable": mark("The other server could not be reached."),
    "try_later": mark("The other server asks us to come back later."),
    "bad_message": mark("The other server cannot handle the message."),
    "unknown": mark("The other server gave no reason that we understand."),
}
"""Why a message did not arrive."""

RISKS: dict[Risk, str] = {
    "executable": mark("It is a program, or holds one."),
    "script": mark("It is a script, or holds one."),
    "macro": mark("It is a document with macros."),
    "archive": mark("It is an archive; what is in it was not looked at."),
    "encrypted": mark("It is locked with a password."),
    "expands": mark("It grows to more than a hundred times its size when unpacked."),
    "disguised": mark("Its name says another type than its content."),
    "active": mark("It is a page that may run scripts or load things from elsewhere."),
}
"""Why to be careful with a file."""
