"""In which stream does it stand?"""

from __future__ import annotations

from datetime import date


def complaint_stream(reference: str) -> str:
    return f"complaint-{reference}"


def complainant_stream(complainant: str) -> str:
    return f"complainant-{complainant}"


def delivery_stream(delivery: str) -> str:
    return f"delivery-{delivery}"


def clock_stream(clock: str) -> str:
    return f"clock-{clock}"


def payout_stream(payout: str) -> str:
    return f"payout-{payout}"


def payee_stream(complaint: str) -> str:
    return f"payee-{complaint}"


def batch_stream(batch: str) -> str:
    return f"batch-{batch}"


def answer_stream(answer: str) -> str:
    return f"answer-{answer}"


def statement_stream(statement: str) -> str:
    return f"statement-{statement}"


def quota_stream(quota: str) -> str:
    return f"quota-{quota}"


def letterbook_stream(name: str) -> str:
    return f"letterbook-{name}"


def policy_stream(policy: str) -> str:
    return f"policy-{policy}"


def audit_stream(audit: str) -> str:
    return f"audit-{audit}"


def daily_stream(day: date) -> str:
    return f"daily-{day.isoformat()}"


def standing_stream(standing: str) -> str:
    return f"standing-{standing}"


def areas_stream(attribute: str) -> str:
    return f"areas-{attribute}"


def hold_stream(hold: str) -> str:
    return f"hold-{hold}"


def sample_stream(sample: str) -> str:
    return f"sample-{sample}"


def review_form_stream(name: str = "house") -> str:
    return f"reviewform-{name}"


def subject(stream: str) -> str:
    """The id after the stream's kind: the reference of a complaint, the id of a delivery."""
    return stream.partition("-")[2]
