"""Settings that differ for some customers, carriers, lanes or products."""

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Annotated, Any, NamedTuple

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from contracts.policy.kinds import Kinds
from contracts.policy.matter import Matter
from contracts.policy.tolerance import OwnTolerance


class When(BaseModel):
    """Of what an override is: all that is named must be so.

    account: the ERP account from which it is delivered. customer: the customer's number in the ERP. country: the
    destination's (ISO 3166-1 alpha-2). region: the destination's, of that country (ISO 3166-2 without the country).
    carrier: by any of its names; where a finding is about several parcels, all must be this carrier's. product_group:
    one of `policy.product_groups`; where a finding is about several lines, all must be of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    account: str = ""
    customer: str = ""
    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    region: str = ""
    carrier: str = ""
    product_group: str = ""

    @model_validator(mode="after")
    def _names_somebody(self) -> "When":
        if not self.specificity:
            raise ValueError(f"names nobody; expected at least one of {', '.join(type(self).model_fields)}")
        if self.region and not self.country:
            raise ValueError("a `region` is one of a `country`: name that too")
        return self

    @model_serializer(mode="wrap")
    def _named(self, write: SerializerFunctionWrapHandler) -> dict[str, str]:
        """Write what it names alone."""
        written: dict[str, str] = write(self)
        return {name: value for name, value in written.items() if value}

    @property
    def specificity(self) -> int:
        """How much it names: of several overrides that apply, the one that names more wins."""
        return sum(bool(getattr(self, name)) for name in type(self).model_fields)


class Override(Kinds):
    """Settings that differ where `when` holds. Beside these: any kind of finding, with the settings that differ.

    when: of whom or what. calendar: the working calendar that counts there, one of `policy.calendars`. tolerance: the
    deviations that ask nothing there, whole; it stands above `policy.tolerance` and its customers, and looks at no
    carrier.
    """

    when: When
    calendar: str | None = None
    tolerance: OwnTolerance | None = None

    def settings(self) -> dict[str, dict[str, object]]:
        """The settings that it says, by kind."""
        said = [(name, getattr(self, name)) for name in self.model_fields_set & Kinds.model_fields.keys()]
        return {kind: {name: getattr(part, name) for name in part.model_fields_set} for kind, part in sorted(said)}

    @model_serializer(mode="wrap")
    def _said(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Write what it says, and not the defaults of all that it does not say."""
        written: dict[str, Any] = write(self)
        said = self.settings()
        return {
            name: {one: value[one] for one in value if one in said[name]} if name in said else value
            for name, value in written.items()
            if name in self.model_fields_set
        }


class Differing(NamedTuple):
    """What differs: the calendar, the tolerance, and settings by kind."""

    calendar: str | None
    tolerance: OwnTolerance | None
    kinds: dict[str, dict[str, object]]


def differing(
    overrides: Sequence[Override],
    matter: Matter,
    carrier: Callable[[str], str],
    product_groups: Mapping[str, Sequence[str]],
) -> Differing:
    """Give what differs for a matter. carrier: gives the name by which a carrier is known."""
    holding = [one for one in overrides if _holds(one.when, matter, carrier, product_groups)]
    holding.reverse()
    holding.sort(key=lambda one: one.when.specificity)  # the last word is that of the first of the most specific
    calendar, tolerance, kinds = None, None, dict[str, dict[str, object]]()
    for override in holding:
        calendar = override.calendar or calendar
        tolerance = override.tolerance or tolerance
        for kind, settings in override.settings().items():
            kinds.setdefault(kind, {}).update(settings)
    return Differing(calendar, tolerance, kinds)


def _holds(
    when: When, matter: Matter, carrier: Callable[[str], str], product_groups: Mapping[str, Sequence[str]]
) -> bool:
    named = {name: getattr(when, name) for name in ("account", "customer", "country", "region") if getattr(when, name)}
    if any(getattr(matter, name) != value for name, value in named.items()):
        return False
    if when.carrier and {carrier(name) for name in matter.carriers} != {carrier(when.carrier)}:
        return False
    if not when.product_group:
        return True
    codes = product_groups.get(when.product_group, ())
    return bool(matter.products) and all(
        any(fnmatchcase(product, code) for code in codes) for product in matter.products
    )
