"""The sample day's story: read from YAML, every time placed, every mistake told by its path."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from importlib.resources import files
from typing import Annotated, NamedTuple

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from contracts.errors import Fatal
from contracts.identity import tracking_number
from contracts.model import rejection
from contracts.moment import zone

DAY = files("desk.demo") / "day"
_TIME = re.compile(r"(?:(?P<day>\d\d-\d\d) )?(?P<time>\d\d:\d\d)")
_SCAN = re.compile(r"(?P<at>(?:\d\d-\d\d )?\d\d:\d\d) (?P<code>\d+) (?P<place>\S+) \| (?P<words>.+)")
_LINE = re.compile(r"(?P<quantity>[\d.]+) (?P<product>\S+)")
_ISSUED = re.compile(r"(?P<quantity>[\d.]+) of (?P<order>[^/]+)/(?P<line>\d+)")


class Line(NamedTuple):
    """`10 SN-516`."""

    quantity: Decimal
    product: str


class Issued(NamedTuple):
    """`8 of SO-2661/1`."""

    quantity: Decimal
    order: str
    line: int


class Scan(NamedTuple):
    """`07:20 5 苏州市 | 快件正在派送`. at: as it is written."""

    at: str
    code: str
    place: str
    words: str


def _line(text: object) -> object:
    found = _parts(_LINE, text, "QUANTITY PRODUCT")
    return Line(Decimal(found["quantity"]), found["product"])


def _issued(text: object) -> object:
    found = _parts(_ISSUED, text, "QUANTITY of ORDER/LINE")
    return Issued(Decimal(found["quantity"]), found["order"], int(found["line"]))


def _scan(text: object) -> object:
    return Scan(**_parts(_SCAN, text, "TIME CODE PLACE | WORDS"))


def _parts(pattern: re.Pattern[str], text: object, shape: str) -> dict[str, str]:
    found = pattern.fullmatch(str(text))
    if found is None:
        raise ValueError(f"expected {shape}")
    return found.groupdict()


Time = Annotated[str, Field(pattern=_TIME.pattern)]


class Part(BaseModel):
    """A part of the story: a name that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Customer(Part):
    """A customer and where its goods go."""

    name: str
    city: str
    region: str


class Product(Part):
    """A product, and its unit as Tryton writes it."""

    name: str
    unit: str


class Carrier(Part):
    """A carrier as the ERP knows it, and how its tracking numbers begin."""

    name: str
    numbers: str


class Order(Part):
    """An order. promised: month and day."""

    number: str
    customer: str
    told: Time
    promised: str
    lines: tuple[Annotated[Line, BeforeValidator(_line)], ...]
    cancelled: Time | None = None


class Version(Part):
    """A goods issue as the ERP has it from `told` on; state: Tryton's."""

    told: Time
    state: str
    left: Time | None = None
    lines: tuple[Annotated[Issued, BeforeValidator(_issued)], ...]
    parcels: tuple[str, ...] = ()


class GoodsIssue(Part):
    """A goods issue."""

    number: str
    versions: tuple[Version, ...]
    withdrawn: Time | None = None


class AlsoPushed(Part):
    """A push beside the ordinary ones, with the oldest `scans` scans; newest_is_dated spoils its newest time."""

    at: Time
    scans: int
    newest_is_dated: str | None = None


class Parcel(Part):
    """A parcel as its carrier sees it. scans: oldest first."""

    number: str
    carrier: str
    scans: tuple[Annotated[Scan, BeforeValidator(_scan)], ...]
    also_pushed: tuple[AlsoPushed, ...] = ()


class Afterwards(Part):
    """A scan that is for whoever watches to push, when the day is over."""

    parcel: str
    scan: Annotated[Scan, BeforeValidator(_scan)]


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
    afterwards: Afterwards

    def at(self, written: str) -> datetime:
        """Place a time of the story: of the day itself, unless it names another."""
        found = _parts(_TIME, written, "[MM-DD ]HH:MM")
        day = self.on(found["day"]) if found["day"] else self.day
        return datetime.fromisoformat(f"{day}T{found['time']}").replace(tzinfo=zone(self.zone))

    def on(self, written: str) -> date:
        """Place a month and day in the story's year."""
        return date.fromisoformat(f"{self.day.year}-{written}")

    @cached_property
    def orders_by_number(self) -> dict[str, Order]:
        """Each order by its number."""
        return {order.number: order for order in self.orders}

    def carrier_of(self, number: str) -> Carrier:
        """Tell by a tracking number whose it is; raises ValueError where nobody's numbers begin so."""
        for carrier in self.carriers.values():
            if tracking_number(number).startswith(carrier.numbers):
                return carrier
        raise ValueError(f"{number} is no carrier's number")


def read_story() -> Story:
    """Read the story that comes with the product."""
    text = (DAY / "story.yaml").read_text(encoding="utf-8")
    try:
        return Story.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        raise Fatal(f"the demo's story: {rejection(error)}", code="bad_story") from error
