"""The sample day's story: read from YAML, every time placed, every mistake told by its path."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from importlib.resources import files
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from contracts.errors import Rejected
from contracts.identity import tracking_number
from contracts.model import rejection
from contracts.moment import zone
from desk.demo.written import IssuedText, LineText, ScanText, Time, day_and_time

DAY = files("desk.demo") / "day"


class Part(BaseModel):
    """A part of the story: a name that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Customer(Part):
    """A customer and where its goods go."""

    name: str
    city: str
    region: str
    country: str = "CN"


class Product(Part):
    """A product, and its unit as Tryton writes it."""

    name: str
    unit: str


class Carrier(Part):
    """A carrier as the ERP knows it, how its tracking numbers begin, and whose pushes tell of its parcels."""

    name: str
    numbers: str
    told_by: Literal["kuaidi100", "easypost"] = "kuaidi100"


class Order(Part):
    """An order. promised: month and day."""

    number: str
    customer: str
    told: Time
    promised: str
    lines: tuple[LineText, ...]
    cancelled: Time | None = None


class Version(Part):
    """A goods issue as the ERP has it from `told` on; state: Tryton's."""

    told: Time
    state: str
    left: Time | None = None
    lines: tuple[IssuedText, ...]
    parcels: tuple[str, ...] = ()


class GoodsIssue(Part):
    """A goods issue."""

    number: str
    versions: tuple[Version, ...]
    withdrawn: Time | None = None


class AlsoPushed(Part):
    """A push beside the ordinary ones, with the oldest `scans` scans; newest_is_dated spoils its newest time."""

    at: Time
    scans: int = Field(ge=1)
    newest_is_dated: str | None = None


class GivenUp(Part):
    """When a parcel's monitoring is given up, and why, in Kuaidi100's words."""

    at: Time
    words: str


class Parcel(Part):
    """A parcel as its carrier sees it. scans: oldest first. by_hand: registered at Kuaidi100 before the day."""

    number: str
    carrier: str
    scans: tuple[ScanText, ...]
    also_pushed: tuple[AlsoPushed, ...] = ()
    by_hand: bool = False
    given_up: GivenUp | None = None


class Told(Part):
    """What another system or the customer tells as a CloudEvent (docs/how-to/push-cloudevents.md)."""

    id: str
    at: Time
    type: str
    data: dict[str, Any]


class Afterwards(Part):
    """A scan that is for whoever watches to push, when the day is over."""

    parcel: str
    scan: ScanText


class Story(Part):
    """The whole day."""

    day: date
    zone: str
    begins: Time
    ends: Time
    worker_dies: Time
    customers: dict[str, Customer]
    products: dict[str, Product]
    carriers: dict[str, Carrier]
    orders: tuple[Order, ...]
    goods_issues: tuple[GoodsIssue, ...]
    parcels: tuple[Parcel, ...]
    told: tuple[Told, ...] = ()
    afterwards: Afterwards

    @model_validator(mode="after")
    def _hangs_together(self) -> "Story":
        for loose_end in self._loose_ends():
            raise ValueError(loose_end)
        return self

    def _loose_ends(self) -> Iterator[str]:
        """Say what names something that is not there."""
        for order in self.orders:
            if order.customer not in self.customers:
                yield f"{order.number} is for {order.customer}, who is no customer"
            for line in order.lines:
                if line.product not in self.products:
                    yield f"{order.number} wants {line.product}, which is no product"
        for issue in self.goods_issues:
            yield from self._loose_ends_of_issue(issue)
        for parcel in self.parcels:
            yield from self._loose_ends_of_parcel(parcel)
        if self.afterwards.parcel not in {parcel.number for parcel in self.parcels}:
            yield f"{self.afterwards.parcel}, which turns up afterwards, is no parcel"

    def _loose_ends_of_issue(self, issue: GoodsIssue) -> Iterator[str]:
        for version in issue.versions:
            for line in version.lines:
                order = self.orders_by_number.get(line.order)
                if order is None or not 1 <= line.line <= len(order.lines):
                    yield f"{issue.number} serves {line.order}/{line.line}, which is no line of an order"
            for number in version.parcels:
                if self._carrier(number) is None:
                    yield f"{issue.number} names {number}, which is no carrier's number"

    def _loose_ends_of_parcel(self, parcel: Parcel) -> Iterator[str]:
        if parcel.carrier not in self.carriers:
            yield f"{parcel.number} travels with {parcel.carrier}, which is no carrier"
            return
        if any(also.scans > len(parcel.scans) for also in parcel.also_pushed):
            yield f"{parcel.number} is pushed with more scans than it has"
        if (parcel.by_hand or parcel.given_up) and self.told_by(parcel) != "kuaidi100":
            yield f"{parcel.number} is registered at Kuaidi100, which does not tell of {parcel.carrier}"

    def at(self, written: str) -> datetime:
        """Place a time of the story: of the day itself, unless it names another."""
        day, time = day_and_time(written)
        return datetime.fromisoformat(f"{self.on(day) if day else self.day}T{time}").replace(tzinfo=zone(self.zone))

    def on(self, written: str) -> date:
        """Place a month and day in the story's year."""
        return date.fromisoformat(f"{self.day.year}-{written}")

    def told_by(self, parcel: Parcel) -> Literal["kuaidi100", "easypost"]:
        """Say whose pushes tell of a parcel."""
        return self.carriers[parcel.carrier].told_by

    @cached_property
    def orders_by_number(self) -> dict[str, Order]:
        """Each order by its number."""
        return {order.number: order for order in self.orders}

    def carrier_of(self, number: str) -> str:
        """Tell by a tracking number whose it is, as the ERP knows them."""
        found = self._carrier(number)
        if found is None:
            raise ValueError(f"{number} is no carrier's number")
        return found.name

    def _carrier(self, number: str) -> Carrier | None:
        known = tracking_number(number)
        return next((found for found in self.carriers.values() if known.startswith(found.numbers)), None)


def read_story(text: str | None = None) -> Story:
    """Read a story, the one that comes with the product unless another is given; raises Rejected where it is none."""
    if text is None:
        text = (DAY / "story.yaml").read_text(encoding="utf-8")
    try:
        return Story.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise Rejected(f"the demo's story is not YAML: {error}", code="bad_story") from error
    except ValidationError as error:
        raise Rejected(f"the demo's story: {rejection(error)}", code="bad_story") from error
