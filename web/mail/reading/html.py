"""How is a message's HTML shown safely, and what are its words?

One pass over the markup writes both: plain words, and markup that is well nested, shallow and made
of a few known elements. That markup then goes through nh3, which alone decides what is safe. The
pass before it bounds the work: deeply nested markup costs an HTML5 parser the square of its depth.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from typing import NamedTuple

import nh3

from web.mail.reading.limits import HTML_CHARS, HTML_DEPTH
from web.mail.reading.lines import Lines

_STYLES = frozenset(("b", "strong", "i", "em", "u", "s", "code"))
"""Named `x-b` and so on until nh3 is done: HTML5 reopens such elements in every later block."""
_BLOCKS = frozenset(
    ("p", "div", "blockquote", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tr", "td",
     "th", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "center", "section", "article",
     "header", "footer", "main", "address", "form", "fieldset", "caption", "title", "option")
)  # fmt: skip
_APART = frozenset(("p", "blockquote", "ul", "ol", "table", "pre", "h1", "h2", "h3", "h4"))
_KEPT = frozenset(
    ("p", "div", "blockquote", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tr", "td",
     "th", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "a", "sub", "sup", "q")
)  # fmt: skip
_SWALLOWED = frozenset(
    ("script", "style", "head", "template", "iframe", "object", "svg", "math", "noembed",
     "noframes", "xml", "select", "textarea", "audio", "video", "canvas")
)  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/><]{0,30})")
_ATTRIBUTE = re.compile(
    r"(?<![^\s\"'/])(href|src|alt|colspan|rowspan|dir)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_NEXT = re.compile(r"<(?=[a-zA-Z/!?])")
_ITSELF_ENDS = frozenset(("p", "li", "td", "th", "tr", "dt", "dd", "a", "option"))
"""Elements that end where another of their kind begins."""
_CLEANER = nh3.Cleaner(
    tags={*_KEPT, "br", "hr", "img", *(f"x-{name}" for name in _STYLES)},
    attributes={
        "a": {"href"}, "img": {"src", "alt"}, "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"}, "*": {"dir"},
    },
    url_schemes={"http", "https", "mailto", "tel", "cid"},
    link_rel="noopener noreferrer nofollow",
)  # fmt: skip
_STYLED = re.compile(r"<(/?)x-(\w+)>")


class Shown(NamedTuple):
    html: str
    text: str
    images_left_out: int
    cut: bool


def read(source: str) -> Shown:
    """Safe markup and plain words of `source`. Never raises; in time linear to its length."""
    page = _Page(source[:HTML_CHARS])
    page.run()
    safe = _STYLED.sub(r"<\1\2>", _CLEANER.clean("".join(page.markup)))
    return Shown(safe.strip(), page.lines.text(), page.images, len(source) > HTML_CHARS)


def from_plain(text: str) -> str:
    """Plain words as markup."""
    return _CLEANER.clean("".join(f"<p>{escape(text)}</p>")).replace("\n", "<br>\n")


@lru_cache(maxsize=64)
def _closing(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}\b[^>]{{0,50}}>", re.IGNORECASE)


class _Page:
    """One source being read, from left to right."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.markup: list[str] = []
        self.lines = Lines()
        self.images = 0
        self._open: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._unclosed: set[str] = set()

    def run(self) -> None:
        position = 0
        while found := _NEXT.search(self.source, position):
            self._text(self.source[position : found.start()])
            position = self._markup(found.start())
        self._text(self.source[position:])
        while self._open:
            self._close(self._open[-1])

    def _markup(self, at: int) -> int:
        """What stands at `<`; gives where to go on."""
        if self.source.startswith("<!--", at):
            stop = self.source.find("-->", at)
            return stop + 3 if stop >= 0 else self._declaration(at)
        tag = _TAG.match(self.source, at)
        if not tag:
            return self._declaration(at)
        end = self._end(tag.end())
        if end < 0:
            return len(self.source)
        name = tag[2].lower()
        if tag[1]:
            self._close(name)
        elif name in _SWALLOWED:
            return self._swallow(name, end)
        else:
            self._start(name, self.source[tag.end() : end])
        return end + 1

    def _declaration(self, at: int) -> int:
        stop = self.source.find(">", at)
        return stop + 1 if stop >= 0 else len(self.source)

    def _end(self, start: int) -> int:
        """The `>` of a tag; one inside a quoted value is passed over."""
        end = self.source.find(">", start)
        inside = self.source[start : min(end, start + 2000)]
        if end >= 0 and inside.count('"') % 2:
            quote = self.source.find('"', end, end + 2000)
            later = self.source.find(">", quote, quote + 2000) if quote >= 0 else -1
            return later if later >= 0 else end
        return end

    def _swallow(self, name: str, end: int) -> int:
        """Past the content of an element that holds no words; where it is never closed, its
        content is taken for words rather than lost."""
        if name not in self._unclosed:
            closing = _closing(name).search(self.source, end)
            if closing:
                return closing.end()
            self._unclosed.add(name)
        return end + 1

    def _text(self, raw: str) -> None:
        if not raw:
            return
        text = unescape(raw)
        self.markup.append(escape(text, quote=False))
        if "pre" in self._open:
            self.lines.keep(text)
        else:
            self.lines.say(text)

    def _start(self, name: str, inside: str) -> None:
        if name in ("br", "hr"):
            self.markup.append(f"<{name}>")
            self.lines.end()
            return
        if name in _ITSELF_ENDS and self._open[-1:] == [name]:
            self._close(name)
        attributes = {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in
                      _ATTRIBUTE.finditer(inside[:8000])}  # fmt: skip
        if name == "img":
            self._image(attributes)
            return
        if name in _BLOCKS:
            self._block(name)
        if (name in _KEPT or name in _STYLES) and len(self._open) < HTML_DEPTH:
            self._push(name, attributes)

    def _block(self, name: str) -> None:
        if name in ("td", "th"):
            self.lines.put("" if self.lines.is_blank() else "  ")
            return
        self.lines.start_block(apart=name in _APART)
        if name == "li":
            self.lines.put("- ")

    def _push(self, name: str, attributes: dict[str, str]) -> None:
        self._open.append(name)
        if name == "blockquote":
            self.lines.quoted += 1
        if name == "a":
            self._links.append((attributes.get("href", "").strip(), self.lines.mark()))
            if not _SCHEME.match(attributes.get("href", "").strip()):
                attributes.pop("href", None)
        written = "".join(
            f' {key}="{escape(value[:2000])}"' for key, value in attributes.items()
            if key not in ("src", "alt")
        )  # fmt: skip
        self.markup.append(f"<{_called(name)}{written}>")

    def _close(self, name: str) -> None:
        if name in _BLOCKS and name not in ("td", "th"):
            self.lines.start_block(apart=name in _APART)
        if name not in self._open:
            return
        last = ""
        while last != name:
            last = self._open.pop()
            self.markup.append(f"</{_called(last)}>")
            if last == "a":
                self._end_link()
            if last == "blockquote":
                self.lines.start_block(apart=False)
                self.lines.quoted -= 1

    def _end_link(self) -> None:
        """Where a link leads, when its words do not say so."""
        target, mark = self._links.pop()
        if target[:4].lower() != "http" or not _SCHEME.match(target) or len(target) > 200:
            return
        bare = re.sub(r"^https?://|/$", "", target, flags=re.IGNORECASE)
        if bare not in self.lines.since(mark):
            self.lines.put(f" <{target}>")

    def _image(self, attributes: dict[str, str]) -> None:
        src, alt = attributes.get("src", "").strip(), " ".join(attributes.get("alt", "").split())
        if src.lower().startswith("cid:"):
            self.markup.append(f'<img src="{escape(src[:500])}" alt="{escape(alt[:200])}">')
        else:
            self.images += bool(src)
            self.markup.append(escape(f"[{alt[:200]}]") if alt else "")
        self.lines.put(f"[{alt[:200]}]" if alt else "")


def _called(name: str) -> str:
    return f"x-{name}" if name in _STYLES else name
