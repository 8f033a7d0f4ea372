"""Tryton's complaints as after-sales cases.

    draft                  reported: at the complaint's day, at the instant of its creation where that falls on it
    waiting                assigned, to whoever submitted it for a decision
    approved               responded
    done                   responded, solved and closed: what was agreed is done, and Tryton knows no more steps
    rejected               responded and closed
    cancelled              withdrawn

Tryton keeps no instants of these steps, so each is dated by the last write that the reading saw; and no step but the
present one: a complaint that goes back to a draft is merely reported again. Nor does it know severities: the account
says which a complaint's type has (`severity.TYPE`), and the type is known from the start, so it is classified then. A
complaint without such an option stays unclassified.

Source: trytond 8.2, modules/sale_complaint/complaint.py.
"""

from collections.abc import Mapping
from datetime import datetime

from contracts.connector import Context
from contracts.documents import Party
from contracts.errors import Rejected
from contracts.model import build
from contracts.service import ServiceCase
from contracts.snapshot import Severity
from mappings.erp import tryton_records as tryton
from mappings.erp.tryton_values import dates_of, moment_of

SEVERITY = "severity."
SEVERITIES: Mapping[str, Severity] = {"1": Severity.GRAVE, "2": Severity.MAJOR, "3": Severity.ORDINARY}
_STEPS: Mapping[str, tuple[str, ...]] = {
    "draft": (),
    "waiting": ("assigned",),
    "approved": ("responded",),
    "done": ("responded", "solved", "closed"),
    "rejected": ("responded", "closed"),
}


def check_severity(name: str, value: str) -> None:
    """Refuse an option `severity.TYPE` that is none of the three."""
    if name == SEVERITY or value not in SEVERITIES:
        told = f"the option `{name}` is {value!r}; expected `{SEVERITY}TYPE` with {', '.join(SEVERITIES)}"
        raise Rejected(told, code="bad_option")


def case(reading: tryton.ComplaintReading, context: Context) -> ServiceCase:
    """Map the reading of a complaint."""
    told = {"account": context.account, "case": reading.document, "version": reading.read_at}
    if reading.withdrawn:
        return build(ServiceCase, **told, reported=reading.read_at, withdrawn=True)
    found = reading.expect("a complaint")
    reported = _reported(found, context)
    severity = SEVERITIES.get(context.options.get(f"{SEVERITY}{found.type.name}", ""))
    reached = max(reported, min(found.write_date or found.create_date, reading.read_at))
    about = found.origin if isinstance(found.origin, tryton.ComplaintOrigin) else None
    return build(
        ServiceCase,
        **told,
        withdrawn=found.state == "cancelled",
        order=(about.number or "") if about else "",
        line=str(about.id) if about and about.model == "sale.line" and about.number else "",
        customer=Party(id=found.customer.code or f"#{found.customer.id}", name=found.customer.name or ""),
        title=found.type.name,
        severity=severity,
        reported=reported,
        classified=None if severity is None else reported,
        assigned_to=(found.submitted_by.party.name or "") if found.submitted_by else "",
        **dict.fromkeys(_STEPS.get(found.state, ()), reached),
    )


def _reported(found: tryton.Complaint, context: Context) -> datetime:
    """Give the instant of its creation where that falls on the complaint's own day, else where that day begins."""
    return moment_of(found.create_date, found.date, dates_of(found.company, context)).at
