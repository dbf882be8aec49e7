"""What does a usual request look like? By the name of the record; the tests send each of them."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "NewComplaint": {
        "subject": "No hot water since Friday",
        "description": "The engineer did not come on Friday, and nobody called.",
        "complainant": {
            "name": "Lee Ming", "email": "lee@example.org", "language": "zh", "tier": "gold",
            "attributes": {"region": "north"},
        },
        "channel": "phone", "category": "missed_appointment", "product": "boiler_care",
        "severity": "high", "desired_outcomes": ["immediate_action", "compensation"],
        "incident": {"appointment_on": "2026-03-06", "missed": 1},
    },
    "Acknowledgement": {"message": "We are looking for the engineer's report."},
    "Explanation": {
        "outcome": "upheld", "cause": "capacity",
        "message": "We booked more visits than we had engineers for. A visit is booked for Monday.",
    },
    "Compensation": {
        "kind": "redress", "amount": "30.00", "currency": "GBP", "reason": "missed_appointment",
    },
    "Closure": {"outcome": "upheld", "message": "Thank you for telling us."},
    "Assignment": {"agent": "me"},
    "StaffConcerned": {"staff": ["bo"]},
    "Classification": {"category": "missed_appointment", "severity": "critical"},
    "Note": {"text": "Spoke to the depot: the van had broken down."},
    "Message": {"text": "The engineer comes on Monday between 8 and 10."},
    "ReceivedMessage": {"text": "He came. Thank you.", "channel": "phone"},
    "Pause": {"reason": "waiting_for_complainant", "until": "2200-01-01T09:00:00Z"},
    "Act": {},
    "Extension": {"days": 5, "reason": "waiting_for_part"},
    "Escalation": {"to": "supervisor", "reason": "vulnerable_customer"},
    "Reopening": {"reason": "The boiler is cold again."},
    "Withdrawal": {"words": "It was the thermostat after all."},
    "Incident": {"facts": {"appointment_on": "2026-03-06", "missed": 2}},
    "ManyIncidents": {
        "name": "outage-2026-03-06", "facts": {"appointment_on": "2026-03-06"},
        "where": {"category": "missed_appointment"},
    },
    "Milestone": {"type": "engineer_visited"},
    "Claim": {"guarantee": "unconditional_satisfaction"},
    "Approval": {},
    "Refusal": {"reason": "paid_elsewhere"},
    "Trust": {"reason": "same_household"},
    "Instruction": {},
    "Confirmation": {"amount": "10.00", "currency": "GBP"},
    "Failure": {"reason": "account_closed"},
    "FairnessAudit": {
        "measure": "any_relief", "group": "channel", "stratify": ["product"],
        "where": {"severity": "high"}, "from": "2026-01-01", "to": "2026-03-31",
    },
}  # fmt: skip

ANSWERS: dict[str, dict[str, Any]] = {
    "received": {
        "reference": "7GQ2M-4XK9T", "id": "7GQ2M4XK9T", "version": 1, "position": 1041,
        "stage": "received",
        "clocks": [
            {"name": "acknowledge", "cycle": 1, "state": "running", "due": "2026-03-02T13:00:00Z"}
        ],
        "links": {"self": "/api/v1/complaints/7GQ2M4XK9T"},
    },
    "changed": {"reference": "7GQ2M-4XK9T", "id": "7GQ2M4XK9T", "version": 4, "position": 1077},
}  # fmt: skip
