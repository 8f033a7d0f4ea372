"""How much of one line of an acceptance was rejected, and why."""

from contracts.acceptance import Cause, Discrepancy
from contracts.quantity import Quantity, nothing
from streams.delivery.acceptances import Told


def rejected(told: Told, unit: str) -> Quantity:
    """How much of it was rejected; all, where it was refused."""
    if told.acceptance.refused:
        return told.part.received
    return told.part.rejected or nothing(unit)


def damaged(told: Told, unit: str) -> Quantity:
    """How much of it was damaged; where only that it was is told, what was rejected, or else all of it."""
    part = told.part
    if part.damaged is not None:
        return part.damaged
    is_damage = part.cause is Cause.DAMAGE or part.discrepancy is Discrepancy.DELIVERED_DAMAGED
    if not is_damage:
        return nothing(unit)
    return part.rejected or part.received


def for_quality(told: Told, unit: str) -> Quantity:
    """How much of it was rejected for its quality, damage aside."""
    is_quality = told.part.cause is Cause.QUALITY
    return rejected(told, unit).less(damaged(told, unit)) if is_quality else nothing(unit)


def otherwise(told: Told, unit: str) -> Quantity:
    """How much was rejected for a reason that has no place of its own; what is too much shows as surplus."""
    if told.part.cause in {Cause.QUALITY, Cause.TOO_MUCH}:
        return nothing(unit)
    return rejected(told, unit).less(damaged(told, unit))
