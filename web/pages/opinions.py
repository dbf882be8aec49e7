"""What did the complainant say of how it went?"""

from __future__ import annotations

from recovery.events import Surveyed
from web.i18n import mark
from web.pages.viewer import Viewer
from web.pages.words import labeller

MARKS = {
    "experience": mark("All in all: %(mark)s of 5"),
    "expected": mark("Expected: %(mark)s of 5"),
    "process": mark("Easy and quick: %(mark)s of 5"),
    "treatment": mark("How they were treated: %(mark)s of 5"),
}


def told(event: Surveyed, viewer: Viewer) -> list[str]:
    """Each answer that was given, in a few words."""
    label = labeller(viewer.language)
    marks = [
        viewer.say(sentence) % {"mark": value}
        for name, sentence in MARKS.items()
        if (value := getattr(event, name)) is not None
    ]
    got = [label("fulfilled", event.fulfilled)] if event.fulfilled else []
    return [*marks, *got, *([label("returning", event.returning)] if event.returning else [])]
