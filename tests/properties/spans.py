"""The policy by which drawn days are judged: each span is a multiple of a step, so that no change lies between two."""

from contracts.policy import Policy
from tests.streams.way import ERP


def _ladder(*spans: str) -> list[dict[str, str]]:
    return [{"after": span, "role": role} for span, role in zip(spans, ("sales", "after_sales"), strict=False)]


POLICY = Policy.model_validate(
    {
        "pollers": [ERP],
        "late": {"grace": "PT1H", "counts": "working_hours", "escalation": _ladder("PT4H", "PT7H")},
        "stalled": {"silence": "PT3H", "grace": "PT30M", "carriers": {"sf": "PT6H"}, "escalation": []},
        "tolerance": {"under_percent": 10},
        "under_despatched": {"grace": "PT1H", "escalation": _ladder("PT2H30M")},
        "order_unconfirmed": {"within": "PT5H", "grace": "PT30M"},
        "review_refused": {"grace": "PT1H"},
        "changed_after_confirmation": {"grace": "PT1H30M"},
        "expired": {"after": "PT2H", "escalation": _ladder("PT1H")},
        "claim_due": {"after": "PT3H", "grace": "PT30M"},
        "carrier_exception": {"grace": "PT30M"},
        "returning": {"grace": "PT1H"},
        "eta_slipped": {"by": "PT2H", "grace": "PT30M"},
        "transit": {"third_party": 0},
        "release_late": {"lead": "PT3H"},
        "pickup_late": {"within": "PT4H", "grace": "PT30M"},
        "at_risk": {"grace": "PT30M"},
        "condition_breach": {"outside": "PT30M", "grace": "PT30M"},
        "condition_gap": {"longest": "PT1H30M", "grace": "PT1H", "expected": True},
        "unknown_status": {"grace": "PT2H"},
        "orphan_tracking": {"grace": "PT5H", "escalation": _ladder("PT3H")},
        "response_overdue": {
            "within": {"grave": "PT2H", "major": "PT3H", "ordinary": "PT3H30M"},
            "escalation": _ladder("PT1H30M"),
        },
        "resolution_overdue": {"within": {"grave": "PT4H", "major": "PT5H", "ordinary": "PT6H"}, "grace": "PT30M"},
        "verification_overdue": {"within": {"grave": "PT2H30M", "major": "PT4H", "ordinary": "PT5H"}},
        "case_unmatched": {"grace": "PT1H30M", "escalation": _ladder("PT2H")},
        "survey_low": {"grace": "PT1H", "escalation": _ladder("PT3H")},
        "acceptance_overdue": {"accounts": [ERP], "within": "PT3H", "grace": "PT30M"},
        "remedy_overdue": {"within": "PT4H", "grace": "PT1H"},
        "documents_missing": {"grace": "PT1H", "escalation": _ladder("PT2H")},
        "package_mismatch": {"grace": "PT30M", "escalation": _ladder("PT3H")},
        "seal_mismatch": {"grace": "PT1H", "escalation": _ladder("PT2H30M")},
        "visit_due": {"escalation": _ladder("PT2H"), "returns_after": "PT3H"},
        "survey_due": {"escalation": _ladder("PT4H")},
        "training_due": {"after": "PT4H", "escalation": _ladder("PT1H30M")},
        "warranty_expiring": {"lead": "P30DT18H", "escalation": _ladder("PT3H")},
        "notices": {"before_arrival": "PT6H", "useful_for": "PT3H"},
        "returns_after": "PT2H",
    }
)


CLOSING = Policy.model_validate(POLICY.model_dump() | {"closing": {"after": "PT2H"}})
"""The same for deliveries that are closed within the day. Whatever is told of one later comes too late."""
