"""How does a specification become a picture that takes the colour of the text around it?"""

from __future__ import annotations

from typing import Any

INK, SOFT = "#1b1f24", "#8a9099"
"""Replaced by the colour of the text around the picture."""
WIDTH = 480
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
ROOM = {"left": 34, "right": 16, "top": 5, "bottom": 5}
"""Around a picture, for fonts that are wider than the one it was measured with."""


def inline(values: list[dict[str, Any]]) -> Any:
    import altair as alt

    return alt.Data(values=values)  # type: ignore[no-untyped-call]


def framed(chart: Any, *, height: int) -> Any:
    return chart.properties(width=WIDTH, height=height, background="transparent")


def svg(chart: Any) -> str:
    """The picture; ink becomes the colour of the text around it."""
    import vl_convert

    spec = chart.configure(font=FONT, padding=ROOM, aria=False).configure_axis(
        labelColor=INK, titleColor=INK, domainColor=SOFT, tickColor=SOFT, gridColor=SOFT,
        gridOpacity=0.25, labelFontSize=12, titleFontSize=12, titleFontWeight="normal",
        labelLimit=280,
    ).configure_legend(labelColor=INK, labelFontSize=12).configure_view(stroke=None)  # fmt: skip
    drawn: str = vl_convert.vegalite_to_svg(spec.to_dict(validate=False))
    for colour in (INK, SOFT):
        drawn = drawn.replace(colour, "currentColor")
    return drawn
