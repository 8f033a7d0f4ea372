"""What can be said of a record at a target, by the names that the configuration uses for it.

A target's record maps its system's fields to these names, and an account may say otherwise (`TargetAccount.fields`,
`TargetAccount.status_fields`). Their values are given by `mappings.tickets.facts`.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Self, TypeVar


class Canonical(StrEnum):
    """A canonical name; `about` says what its value is."""

    about: str

    def __new__(cls, name: str, about: str = "") -> Self:
        """Take the name and what it stands for."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.about = about
        return member


class TaskField(Canonical):
    """What is said in a task, or in a notice to a customer. What is not known is an empty text."""

    TITLE = "title", "what it is about, in one line"
    TEXT = "text", "what has happened and what to do"
    DETAILS = "details", "`text`, then order, customer, promised date, last scan and when it is due, a line each"
    KIND = "kind", "the kind of finding, such as `late`; `notice` of a notice"
    SEVERITY = "severity", "`grave`, `major` or `ordinary`"
    ROLE = "role", "who is called, such as `logistics`"
    ESCALATES_TO = "escalates_to", "who is called next, if nothing is done"
    SINCE = "since", "since when it holds, as an instant"
    DUE = "due", "by when it is to be done, as an instant; of a notice, until when it makes sense"
    SUBJECT = "subject", "what it is about: an order's, a line's, a parcel's, a document's or a case's number"
    SUBJECT_TYPE = "subject_type", "`order`, `line`, `parcel`, `document` or `case`; `customer` of a notice"
    ACCOUNT = "account", "the account that the order came from"
    ORDER = "order", "the order's number"
    REFERENCE = "reference", "the customer's own number of the order"
    CUSTOMER = "customer", "the customer's name and number, as people write both"
    CUSTOMER_NAME = "customer_name", "the name alone"
    CUSTOMER_NUMBER = "customer_number", "the number alone"
    STATUS = "status", "how far the delivery is, such as `in_transit`"
    STATUS_TEXT = "status_text", "the same in words"
    PROMISED = "promised", "the promised days or instant, as people write them"
    PROMISED_BY = "promised_by", "when the promised window closes, as an instant"
    PROMISED_DAY = "promised_day", "the last promised day, in the destination's zone, such as 2026-01-31"
    ETA = "eta", "when all of its parcels that are under way should have arrived, as an instant"
    PARCEL = "parcel", "its parcel's number, or those of all parcels of the order"
    CARRIER = "carrier", "their carriers"
    LAST_SCAN = "last_scan", "the newest scan of these parcels: when, whose, where and what, in one line"
    LAST_SCAN_AT = "last_scan_at", "its instant"
    LAST_SCAN_TEXT = "last_scan_text", "the carrier's own words"
    LAST_LOCATION = "last_location", "where it was"


class OrderField(Canonical):
    """What is said of an order's delivery, beside the order. What is not known is an empty text."""

    ACCOUNT = "account", "the account that the order came from"
    ORDER = "order", "the order's number"
    REFERENCE = "reference", "the customer's own number of the order"
    CUSTOMER = "customer", "the customer's name and number, as people write both"
    CUSTOMER_NAME = "customer_name", "the name alone"
    CUSTOMER_NUMBER = "customer_number", "the number alone"
    STATUS = "status", "how far the delivery is, such as `in_transit`"
    STATUS_TEXT = "status_text", "the same in words"
    PROMISED = "promised", "the promised days or instant, as people write them"
    PROMISED_BY = "promised_by", "when the promised window closes, as an instant"
    PROMISED_DAY = "promised_day", "the last promised day, in the destination's zone, such as 2026-01-31"
    ETA = "eta", "when all of its parcels that are under way should have arrived, as an instant"
    ORDERED = "ordered", "how much was ordered, by unit (UN/ECE Rec 20), such as `120 C62, 5 KGM`"
    DESPATCHED = "despatched", "how much has left, by unit"
    OPEN = "open", "how much is still to leave by open despatch notes, by unit"
    SHORT = "short", "how much of what was ordered has not left and is to be made good, by unit"
    ACCEPTED = "accepted", "how much the customer accepted, by unit"
    PARCEL = "parcel", "the numbers of all its parcels"
    CARRIER = "carrier", "their carriers"
    LAST_SCAN = "last_scan", "the newest scan of these parcels: when, whose, where and what, in one line"
    LAST_SCAN_AT = "last_scan_at", "its instant"
    LAST_SCAN_TEXT = "last_scan_text", "the carrier's own words"
    LAST_LOCATION = "last_location", "where it was"
    DESPATCHED_AT = "despatched_at", "when the first of its parcels left, as an instant"
    DELIVERED_AT = "delivered_at", "when all that left of it had arrived, as an instant; empty before"
    FINDINGS = "findings", "the kinds of finding that somebody is asked about now, such as `late, stalled`"
    FINDINGS_TEXT = "findings_text", "their titles, a line each"
    SEVERITY = "severity", "the gravest of them: `grave`, `major` or `ordinary`"


class StepField(Canonical):
    """What is said of one step of a delivery. What is not known is an empty text."""

    ACCOUNT = "account", "the account that the order came from"
    ORDER = "order", "the order's number"
    REFERENCE = "reference", "the customer's own number of the order"
    CUSTOMER = "customer", "the customer's name and number, as people write both"
    STEP = "step", "the step's own id: the same as long as the same is told of it"
    AT = "at", "when it happened, as an instant"
    WHAT = "what", "a status, a document's state, an answer or an operator's action, such as `in_transit`"
    SUBJECT = "subject", "the document, the parcel or the case that it is about"
    TEXT = "text", "the sender's own words"
    LOCATION = "location", "where it happened"
    BY = "by", "who did it, where a person did"


TASK_INSTANTS = frozenset(
    {TaskField.SINCE, TaskField.DUE, TaskField.PROMISED_BY, TaskField.ETA, TaskField.LAST_SCAN_AT},
)
"""Whose values are instants (RFC 3339, in UTC)."""
ORDER_INSTANTS = frozenset(
    {
        OrderField.PROMISED_BY,
        OrderField.ETA,
        OrderField.LAST_SCAN_AT,
        OrderField.DESPATCHED_AT,
        OrderField.DELIVERED_AT,
    }
)
"""The same of what is said of an order."""

Field = TypeVar("Field", bound=Canonical)


def in_effect(default: Mapping[str, Field], chosen: Mapping[str, Field | None]) -> dict[str, Field]:
    """Give which value goes to which of a target's fields: the account's choice where there is one, else the default.

    A field to which the account chose nothing is left out, so one value may go to two fields, and any to none.
    """
    return {name: field for name, field in {**default, **chosen}.items() if field is not None}


def _as_said(_name: str, _field: Canonical, value: str) -> str:
    return value


def written(
    facts: Mapping[Field, str],
    default: Mapping[str, Field],
    chosen: Mapping[str, Field | None],
    shaped: Callable[[str, Field, str], str] = _as_said,
) -> dict[str, str]:
    """Give the fields of a target as they are to be written: `in_effect`, with their values.

    shaped: gives a value as the target keeps it, of the field's name there, of what is said in it, and of the value.
    """
    return {name: shaped(name, field, facts[field]) for name, field in in_effect(default, chosen).items()}
