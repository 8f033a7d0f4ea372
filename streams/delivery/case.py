"""A delivery as the rules look at it: its documents, lines and parcels, folded from its facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from contracts.appointment import Appointment
from contracts.clock import INGRESS
from contracts.documents import DeliveryMethod, GoodsIssue, Order, OrderState
from contracts.lane import LaneEstimate
from contracts.moment import Window
from contracts.operator_action import OperatorAction
from contracts.policy import Matter, Policy
from contracts.service import CaseNote
from streams.delivery.by_hand import unlinked_parcels, with_confirmed, with_links
from streams.delivery.facts import Delivery
from streams.delivery.lines import Line
from streams.delivery.lives import lives_of
from streams.delivery.matter import matter_of_order, matter_of_part
from streams.delivery.parcel import Life
from streams.delivery.promise import Promise, promises, refused_since
from streams.delivery.promised_lines import as_promised, with_promises
from streams.delivery.receipt import NOTHING_RECEIVED, Receipt
from streams.delivery.received_lines import received
from streams.facts.by_hand import in_force


@dataclass(frozen=True)
class Case:
    """One delivery. order: absent until the ERP told of it, with the promises that count; lives: its parcels by number.

    promises: what was promised for each line since the first confirmation.
    hears_erp and hears_carriers: the sources on whose silence a judgement rests. actions: operators' in force.
    """

    account: str
    number: str
    order: Order | None
    issues: tuple[GoodsIssue, ...]
    lines: tuple[Line, ...]
    lives: Mapping[str, Life]
    facts: Delivery
    hears_erp: str
    hears_carriers: tuple[str, ...] = (INGRESS,)
    promises: Mapping[str, Promise] = field(default_factory=dict)
    refused_since: datetime | None = None
    actions: tuple[OperatorAction, ...] = ()
    receipt: Receipt = NOTHING_RECEIVED

    @property
    def is_promised(self) -> bool:
        """Whether the order is one that was promised: confirmed and not cancelled."""
        return self.order is not None and self.order.state in {OrderState.CONFIRMED, OrderState.COMPLETED}

    @property
    def is_carried(self) -> bool:
        """Whether a carrier moves the goods. What the customer fetches, or our own vehicles bring, nobody scans."""
        return self.order is None or self.order.method is DeliveryMethod.THIRD_PARTY

    @property
    def is_signed_for(self) -> bool:
        """Whether somebody signed for goods that travel without a number."""
        return any(part.signed_at is not None for line in self.live_lines for part in line.served)

    def awaits(self, life: Life) -> bool:
        """Whether a parcel is still to reach the customer."""
        if not self.is_promised or not self.is_carried or life.delivered_at is not None:
            return False
        return any(line.done_at is None for line in self.live_lines)

    @cached_property
    def live_lines(self) -> tuple[Line, ...]:
        """The lines that count: none of an order that is not promised, and no cancelled one."""
        return tuple(line for line in self.lines if not line.view.cancelled) if self.is_promised else ()

    @cached_property
    def line_of(self) -> Mapping[str, Line]:
        """The lines that count, by their names."""
        return {line.view.line: line for line in self.live_lines}

    @cached_property
    def promised(self) -> Window | None:
        """The earliest promise of the lines that count."""
        windows = [part.promised for line in self.live_lines for part in line.parts]
        return min(windows, key=lambda window: window.closes, default=None)

    @cached_property
    def appointments(self) -> tuple[Appointment, ...]:
        """When the customer means, or meant, to fetch the goods."""
        return tuple(self.facts.reports(Appointment))

    @cached_property
    def counts_from(self) -> datetime | None:
        """From when the time after delivery counts: acceptance, or, untold, when the last line was wholly delivered."""
        accepted = self.receipt.accepted_at(self.live_lines)
        if accepted is not None:
            return accepted
        done = [line.done_at for line in self.live_lines]
        return None if None in done else max((at for at in done if at is not None), default=None)

    @cached_property
    def estimates(self) -> tuple[LaneEstimate, ...]:
        """What lanes have answered of its parcels."""
        return tuple(self.facts.reports(LaneEstimate))

    @property
    def was_told(self) -> bool:
        """Whether the ERP ever told of the order itself."""
        return any(name.startswith("order/") for name in self.facts.slices)

    @cached_property
    def case_notes(self) -> tuple[CaseNote, ...]:
        """The after-sales cases that name the order."""
        return tuple(note for note in self.facts.reports(CaseNote) if note.about is not None)

    @property
    def customer(self) -> str:
        """The customer's name, or the ERP's own number of it."""
        party = self.order.customer if self.order else None
        return (party.name or party.id) if party else ""

    @cached_property
    def named(self) -> Mapping[str, str]:
        """The order and its customer, as every finding names them."""
        return {"order": self.number, "customer": self.customer}

    @property
    def zone(self) -> str:
        """The zone in which people read this delivery's times: the destination's."""
        if self.promised is not None:
            return self.promised.zone
        return (self.order.destination.zone if self.order else None) or "UTC"

    @property
    def hears_everybody(self) -> tuple[str, ...]:
        """Whom a judgement rests on that anybody may overturn."""
        return tuple(dict.fromkeys((*self.hears_carriers, self.hears_erp)))

    @cached_property
    def matter(self) -> Matter:
        """What settings may depend on: the customer, the destination, all carriers and products."""
        return matter_of_order(self.account, self.order, self.zone, self.lives.values(), self.lines)

    def matter_of(self, part: Line | Life) -> Matter:
        """The same of one of its lines or parcels."""
        return matter_of_part(self.matter, part)

    @property
    def last_to_move(self) -> Life | None:
        """The parcel that moved last of those that are not delivered: where what is waited for was seen."""
        moved = [life for life in self.lives.values() if life.last and life.delivered_at is None]
        return max(moved, key=_last_at, default=None)


def _last_at(life: Life) -> tuple[datetime, str]:
    if life.last is None:
        raise ValueError(f"parcel {life.number} has no scan")
    return life.last.placed_at, life.number


def case_of(delivery: Delivery, policy: Policy) -> Case:
    """Fold a delivery's facts, the clock aside."""
    told, actions = delivery.order_document(), in_force(delivery.actions())
    promised = promises(delivery.versions, actions, (told.destination.zone if told else "") or "UTC")
    order = as_promised(told, promised) if told else None
    issues = with_links(delivery.goods_issues(), actions)
    lives = with_confirmed(lives_of(delivery, issues, unlinked_parcels(actions), policy), actions)
    lines: tuple[Line, ...] = ()
    receipt = NOTHING_RECEIVED
    if told is not None and order is not None:
        lives, lines, receipt = received(delivery, order, issues, lives, policy)
        lines = with_promises(lines, told, promised)
    return Case(
        account=delivery.account,
        number=delivery.order,
        order=order,
        issues=issues,
        lines=lines,
        lives=lives,
        hears_erp=policy.heard_from_account(delivery.account),
        hears_carriers=policy.heard_from_carriers(),
        facts=delivery,
        promises=promised,
        refused_since=refused_since(delivery.versions),
        actions=actions,
        receipt=receipt,
    )
