"""What stands beside an order, and one step of it, for a receiver that calls everything as we do."""

from collections.abc import Mapping

from contracts.connector import OrderInContext, StepInContext
from contracts.fields import OrderField, written
from contracts.settings import TargetAccount
from mappings.tickets.facts import order_facts, step_facts

DEFAULT_STATUS_FIELDS: Mapping[str, OrderField] = {field.value: field for field in OrderField}
"""Which value goes to which field of an order, unless the account says otherwise: both are called the same."""


def status_fields(context: OrderInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write down what is known of an order's delivery."""
    return written(order_facts(context, account.language), DEFAULT_STATUS_FIELDS, account.status_fields)


def step_fields(context: StepInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a step down, without what is not known."""
    return {field.value: value for field, value in step_facts(context, account.language).items() if value}
