"""The policy section, whole."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import Field, PrivateAttr

from contracts.clock import INGRESS, poller_source
from contracts.identity import digest
from contracts.policy.calendar import HOLIDAYS_FROM, Counting, WorkingCalendar
from contracts.policy.carriers import CarrierEvaluationPolicy
from contracts.policy.follow_up import ClosingPolicy
from contracts.policy.kind import KindPolicy, Span
from contracts.policy.kinds import Kinds
from contracts.policy.lanes import LanePolicy
from contracts.policy.matter import Matter
from contracts.policy.notices import NoticePolicy
from contracts.policy.override import Override, differing
from contracts.policy.tolerance import TolerancePolicy
from contracts.policy.trackers import ALL_OTHERS, TrackerRule
from contracts.policy.transit import TransitPolicy
from contracts.snapshot import Kind


class Policy(Kinds):
    """The policy section: every kind of finding by its name, and what holds for all of them.

    revision: grows with each change. tolerance: deviations that ask nothing. counts: how the spans of those kinds count
    that do not say it themselves. calendar: the working calendar, one of `calendars`; left out, it is that of the
    destination with its public holidays, from nine to six. calendars: working calendars by their names. overrides:
    settings that differ for some; of several that apply the one that names more wins, setting by setting, and of equals
    the first. product_groups: for each group of products, their codes; `*` stands for anything. closing: when a
    delivery is closed. notices: what customers are told. lanes: what lanes' history is asked for. transit: how long
    goods are on their way on a lane without one. carrier_evaluation: what carriers are evaluated by. returns_after: how
    long a task that somebody closed rests before it comes back while its cause still holds. carriers: for each carrier,
    the other names under which it is known.
    pollers: the ERP accounts whose silence counts (filled from the configured accounts). trackers: who registers which
    carriers' parcels (filled from the configured accounts).
    """

    revision: Annotated[int, Field(ge=1)] = 1
    tolerance: TolerancePolicy = TolerancePolicy()
    counts: Counting = Counting.ELAPSED
    calendar: str = ""
    calendars: dict[str, WorkingCalendar] = Field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    product_groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    closing: ClosingPolicy = ClosingPolicy()
    notices: NoticePolicy = NoticePolicy()
    lanes: LanePolicy = LanePolicy()
    carrier_evaluation: CarrierEvaluationPolicy = CarrierEvaluationPolicy()
    transit: TransitPolicy = TransitPolicy()
    returns_after: Span = timedelta(hours=24)
    carriers: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    pollers: tuple[str, ...] = ()
    trackers: tuple[TrackerRule, ...] = ()
    _whole: "Policy | None" = PrivateAttr(None)
    _matter: Matter = PrivateAttr(Matter())

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy it without what was computed of it: that may be otherwise now."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied

    @cached_property
    def fingerprint(self) -> str:
        """A hash of everything in it that can change an answer."""
        values = {
            **self.model_dump(mode="json", exclude={"revision", "carrier_evaluation"}),
            "holidays_from": HOLIDAYS_FROM,
        }
        return digest(json.dumps(values, sort_keys=True, ensure_ascii=False), size=8)

    def kind(self, kind: Kind) -> KindPolicy:
        """Give the settings of one kind."""
        found: KindPolicy = getattr(self, kind.value)
        return found

    def rests(self, kind: Kind) -> timedelta:
        """How long a task of a kind rests that somebody closed."""
        settings = self.kind(kind)
        return self.returns_after if settings.returns_after is None else settings.returns_after

    @property
    def matter(self) -> Matter:
        """What it is about: nothing in particular, unless `about` gave it."""
        return self._matter

    def about(self, matter: Matter) -> "Policy":
        """Give the policy as it applies to a matter: with the overrides that hold for it. Its fingerprint stays."""
        if self._whole is not None:
            is_here = not self.overrides and matter.destination == self._matter.destination
            return self if is_here else self._whole.about(matter)
        applied = self.model_copy(update=self._differing(matter) if self.overrides else None)
        applied._whole, applied._matter = self, matter  # noqa: SLF001 (its own)
        # None of these depends on what it is about: they are reckoned once, not again for each delivery.
        of_all = {"fingerprint": self.fingerprint, "aliases": self.aliases, "looked_for": self.looked_for}
        applied.__dict__.update(of_all)
        return applied

    def _differing(self, matter: Matter) -> dict[str, object]:
        found = differing(self.overrides, matter, self.carrier, self.product_groups)
        calendar = {"calendar": found.calendar} if found.calendar is not None else {}
        tolerance = {"tolerance": TolerancePolicy(**dict(found.tolerance))} if found.tolerance is not None else {}
        kinds = {kind: getattr(self, kind).model_copy(update=settings) for kind, settings in found.kinds.items()}
        return {**calendar, **tolerance, **kinds}

    @cached_property
    def looked_for(self) -> frozenset[Kind]:
        """The kinds that are on: for all, or for something that an override names."""
        by_override = {kind for one in self.overrides for kind, said in one.settings().items() if said.get("enabled")}
        return frozenset(kind for kind in Kind if self.kind(kind).enabled or kind.value in by_override)

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """From each name of a carrier, folded, to the one it is known by here."""
        return {other.casefold(): name for name, others in self.carriers.items() for other in (name, *others)}

    def carrier(self, name: str) -> str:
        """Give the name by which a carrier is known here; one that no alias names stays as it is, folded."""
        return self.aliases.get(name.strip().casefold(), name.strip().casefold())

    def same_carrier(self, one: str, other: str) -> bool:
        """Whether two names may mean one carrier: only two names that are known and differ do not."""
        names = [self.aliases.get(name.strip().casefold()) for name in (one, other)]
        return None in names or names[0] == names[1]

    def tracker_of(self, carrier: str) -> tuple[TrackerRule, str] | None:
        """Who registers this carrier's parcels, and under which of its names; None where nobody does."""
        return self._trackers.get(self.carrier(carrier)) or self._trackers.get(ALL_OTHERS)

    @cached_property
    def _trackers(self) -> Mapping[str, tuple[TrackerRule, str]]:
        """By carrier; of two that name it the first counts."""
        named = [(rule, carrier) for rule in reversed(self.trackers) for carrier in rule.carriers]
        return {self.carrier(carrier): (rule, carrier) for rule, carrier in named}

    def longest_silence(self, carrier: str) -> timedelta:
        """How long a parcel of this carrier may be without a scan."""
        return self._silences.get(self.carrier(carrier), self.stalled.silence)

    def names_silence_of(self, carrier: str) -> bool:
        """Whether `stalled.carriers` names this carrier."""
        return self.carrier(carrier) in self._silences

    @cached_property
    def _silences(self) -> Mapping[str, timedelta]:
        return {self.carrier(name): silence for name, silence in self.stalled.carriers.items()}

    def heard_from_account(self, account: str) -> str:
        """The source on whose silence "the ERP has not told" rests: its poll, or ingress where it pushes."""
        return poller_source(account) if account in self.pollers else INGRESS

    @property
    def heard_from_erp(self) -> tuple[str, ...]:
        """The sources on whose silence "no document names it" rests: the polls, or ingress where nothing is polled."""
        return tuple(poller_source(account) for account in self.pollers) or (INGRESS,)

    def heard_from_after_sales(self, account: str) -> tuple[str, ...]:
        """The sources on whose silence "nothing was done about the case" rests: ingress, and the account's poll."""
        return tuple(dict.fromkeys((INGRESS, self.heard_from_account(account))))

    @staticmethod
    def heard_from_carriers() -> tuple[str, ...]:
        """The sources on whose silence "no scan" rests."""
        return (INGRESS,)
