"""What was agreed for the time after delivery, as instants: a plan that stays when the delivery itself is closed.

All of it counts from acceptance; where nobody tells acceptances, from the last line's delivery.
"""

from calendar import monthrange
from datetime import datetime, timedelta

from contracts.documents import ServiceTerms
from contracts.moment import zone
from contracts.policy import Policy
from contracts.snapshot import Kind

Plan = dict[str, datetime]
"""By kind of finding: when it opens."""


def plan_of(terms: ServiceTerms | None, from_instant: datetime | None, zone_name: str, policy: Policy) -> Plan:
    """Say when each follow-up that was agreed opens; nothing before there is an instant to count from."""
    if terms is None or from_instant is None:
        return {}
    plan: Plan = {}
    if terms.visit_after_days is not None:
        plan[Kind.VISIT_DUE.value] = from_instant + timedelta(days=terms.visit_after_days)
    if terms.survey_after_days is not None:
        plan[Kind.SURVEY_DUE.value] = from_instant + timedelta(days=terms.survey_after_days)
    if terms.training:
        plan[Kind.TRAINING_DUE.value] = from_instant + policy.training_due.after
    if terms.warranty_months:
        ends = months_after(from_instant, terms.warranty_months, zone_name)
        plan[Kind.WARRANTY_EXPIRING.value] = ends - policy.warranty_expiring.lead
    return plan


def warranty_ends(terms: ServiceTerms | None, from_instant: datetime | None, zone_name: str) -> datetime | None:
    """Say when the warranty ends; None where there is none, or nothing yet to count from."""
    if terms is None or not terms.warranty_months or from_instant is None:
        return None
    return months_after(from_instant, terms.warranty_months, zone_name)


def months_after(instant: datetime, months: int, zone_name: str) -> datetime:
    """Give the same local time so many months later; the last day of a month that has no such day."""
    local = instant.astimezone(zone(zone_name))
    years, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + years, month + 1
    day = min(local.day, monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day).astimezone(instant.tzinfo)
