"""How does one entry of a complaint's history look among two hundred?

It is put together here and not in the template because Jinja takes longer over the parts of an
entry than it takes to read and open them. Each part is escaped or a mark. What few entries have,
the files that came and the mail behind them, a template adds.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from web.pages.entries import Told
from web.pages.marks import icon, moment, tag
from web.pages.posts import Post
from web.pages.templates import environment
from web.pages.viewer import Viewer


def drawn(history: Iterable[Told], viewer: Viewer) -> Markup:
    """The entries in the order in which they are given."""
    return Markup("".join([_entry(told, viewer) for told in history]))  # noqa: S704 (escaped)


def _entry(told: Told, viewer: Viewer) -> str:
    tone = f" is-{told.tone}" if told.tone else ""
    came = _came(told, viewer) if told.files or told.mail else ""
    return (
        f'<li class="entry {told.kind}"><span class="entry-mark{tone}">{icon(told.mark)}</span>'
        f"<div>{_head(told, viewer)}{_words(told, viewer)}{came}{_after(told, viewer)}</div></li>\n"
    )


def _head(told: Told, viewer: Viewer) -> str:
    """What happened, who did it and when; below it what takes a line of its own."""
    title = "span" if told.kind == "is-quiet" else "strong"
    beside = "".join([
        f'<span class="soft">{escape(each)}</span>' for each in (*told.more, told.by) if each
    ])  # fmt: skip
    below = "".join([f'<p class="entry-more">{escape(each)}</p>' for each in told.lines])
    return (
        f'<div class="entry-head"><{title}>{escape(told.title)}</{title}>{beside}'
        f"{moment(viewer, told.at, told.precision)}</div>{below}"
    )


def _words(told: Told, viewer: Viewer) -> str:
    """What was said; that of a program is folded away."""
    if not told.words:
        gone = viewer.say("The words were forgotten.")
        return f'<p class="forgotten">{gone}</p>' if told.forgotten else ""
    words = f'<p class="entry-words" lang="">{escape(told.words)}</p>'
    if told.kind != "is-machine":
        return words
    says = viewer.say("What it says")
    return f'<details class="entry-machine"><summary>{says}</summary>{words}</details>'


def _came(told: Told, viewer: Viewer) -> str:
    """Its files, and the mail behind it with what has to be decided about that."""
    session = viewer.session
    return environment(viewer.language).get_template("complaint/came.html").render(
        each=told, csrf=session.csrf if session else "", user=session.user if session else None,
    )  # fmt: skip


def _after(told: Told, viewer: Viewer) -> str:
    """How far its letters came, and that it was written down later."""
    posts = "".join([f'<p class="entry-more">{_post(each)}</p>' for each in told.posts])
    if not told.late_entry:
        return posts
    later = viewer.say("Written down later:")
    return f'{posts}<p class="entry-more">{later} {moment(viewer, told.late_entry)}</p>'


def _post(post: Post) -> str:
    """How far a letter came; one that was caught here can be read."""
    name = escape(post.name)
    where = f'<a href="/mail/{post.delivery}">{name}</a>' if post.caught else name
    return f"{where} {tag(post.words, post.tone, 'mail')}"
