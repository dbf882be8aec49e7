"""Which other sites may show the form in a frame of theirs? Those that the operator names.

Only the form, and what it answers: every other page refuses frames.
"""

from __future__ import annotations

from starlette.responses import Response

from web.headers import CONTENT_POLICY
from web.pages.form import Form
from web.settings import Settings

NOBODY = "frame-ancestors 'none'"
YES = "yes"
"""What `?framed=` says in the address that a frame shows."""


def may(settings: Settings, form: Form) -> bool:
    """Whether this form stands in a frame, and some site may have one."""
    return form.has("framed", YES) and bool(settings.framing_sites)


def let(response: Response, settings: Settings) -> Response:
    """The answer, for frames of the sites that are named."""
    sites = " ".join(settings.framing_sites)
    policy = CONTENT_POLICY.replace(NOBODY, f"frame-ancestors {sites}")
    response.headers["content-security-policy"] = policy
    return response
