"""Overrides: whose settings differ, and which of several hold."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from contracts.policy import Counting, KindPolicy, Matter, Policy
from contracts.policy.kinds import Kinds
from contracts.snapshot import Kind, Role

MATTER = Matter(
    account="factory",
    customer="C7",
    country="DE",
    region="BY",
    zone="Europe/Berlin",
    carriers=frozenset({"Shunfeng"}),
    products=frozenset({"BRG-6204", "BRG-6205"}),
)


def policy(*overrides: dict[str, Any]) -> Policy:
    return Policy.model_validate(
        {
            "carriers": {"sf": ["shunfeng"], "zto": ["zhongtong"]},
            "product_groups": {"bearings": ["BRG-*"], "seals": ["SEAL-*", "RING-1"]},
            "overrides": overrides,
        }
    )


def grace(found: Policy) -> float:
    return found.late.grace / timedelta(hours=1)


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"customer": "C7"}, True),
        ({"customer": "C8"}, False),
        ({"account": "factory"}, True),
        ({"account": "depot"}, False),
        ({"country": "DE"}, True),
        ({"country": "AT"}, False),
        ({"country": "DE", "region": "BY"}, True),
        ({"country": "DE", "region": "NW"}, False),
        ({"carrier": "SF"}, True),
        ({"carrier": "zhongtong"}, False),
        ({"product_group": "bearings"}, True),
        ({"product_group": "seals"}, False),
        ({"customer": "C7", "carrier": "sf", "country": "DE"}, True),
        ({"customer": "C7", "carrier": "zto", "country": "DE"}, False),
    ],
)
def test_an_override_holds_where_all_that_it_names_is_so(when: dict[str, str], *, holds: bool) -> None:
    found = policy({"when": when, "late": {"grace": "PT9H"}}).about(MATTER)
    assert grace(found) == (9 if holds else 0)


@pytest.mark.parametrize(
    "several",
    [
        Matter(),
        Matter(carriers=frozenset({"sf", "zto"})),
        Matter(products=frozenset({"BRG-1", "SEAL-1"})),
    ],
)
def test_what_is_about_several_carriers_or_products_must_be_so_of_all_of_them(several: Matter) -> None:
    one = policy(
        {"when": {"carrier": "sf"}, "late": {"grace": "PT9H"}},
        {"when": {"product_group": "bearings"}, "late": {"grace": "PT9H"}},
    )
    assert grace(one.about(several)) == 0


def test_of_several_overrides_the_more_specific_wins_and_of_equals_the_first() -> None:
    several = policy(
        {"when": {"customer": "C7"}, "late": {"grace": "PT1H"}},
        {"when": {"customer": "C7", "country": "DE"}, "late": {"grace": "PT2H"}},
        {"when": {"customer": "C7", "carrier": "sf"}, "late": {"grace": "PT3H"}},
        {"when": {"country": "DE"}, "late": {"grace": "PT4H"}},
    )
    assert grace(several.about(MATTER)) == 2
    assert grace(several.about(MATTER._replace(country="AT"))) == 3
    assert grace(several.about(MATTER._replace(country="AT", carriers=frozenset()))) == 1
    assert grace(several.about(MATTER._replace(customer="C8"))) == 4


def test_each_setting_is_taken_by_itself_and_what_no_override_says_stays() -> None:
    several = Policy.model_validate(
        {
            "late": {"due": "PT7H", "role": "production"},
            "overrides": [
                {"when": {"customer": "C7"}, "late": {"grace": "PT1H", "severity": "grave"}},
                {"when": {"customer": "C7", "country": "DE"}, "late": {"grace": "PT0S"}},
            ],
        }
    ).about(MATTER)
    assert (several.late.grace, several.late.severity, several.late.due, several.late.role) == (
        timedelta(0),
        "grave",
        timedelta(hours=7),
        Role.PRODUCTION,
    )
    assert several.stalled == Policy().stalled


def test_an_override_does_not_outlast_its_matter() -> None:
    one = policy({"when": {"customer": "C7"}, "late": {"grace": "PT9H"}, "calendar": "theirs"})
    there = one.about(MATTER)
    assert (grace(there), there.calendar, there.matter) == (9, "theirs", MATTER)
    elsewhere = there.about(MATTER._replace(customer="C8"))
    assert (grace(elsewhere), elsewhere.calendar, elsewhere.matter.customer) == (0, "", "C8")
    assert there.fingerprint == elsewhere.fingerprint == one.fingerprint


def test_an_override_gives_its_own_tolerance_whole_above_the_customers() -> None:
    one = Policy.model_validate(
        {
            "tolerance": {"over_percent": 2, "customers": {"C7": {"under_percent": 5}}},
            "overrides": [{"when": {"country": "DE"}, "tolerance": {"under_percent": 1}}],
        }
    )
    assert one.about(MATTER._replace(country="AT")).tolerance.of("C7").under_percent == 5
    there = one.about(MATTER).tolerance.of("C7")
    assert [there.under_percent, there.over_percent] == [Decimal(1), Decimal(0)]
    [written] = one.model_dump(mode="json", exclude_unset=True)["overrides"]
    assert written.keys() == {"when", "tolerance"}


def test_a_kind_that_is_off_is_looked_for_where_an_override_turns_it_on() -> None:
    off: dict[str, Any] = {"late": {"enabled": False}}
    on = Policy.model_validate(off | {"overrides": [{"when": {"customer": "C7"}, "late": {"enabled": True}}]})
    assert Kind.LATE in on.looked_for
    assert Kind.LATE not in Policy.model_validate(off).looked_for
    said_otherwise = Policy.model_validate(off | {"overrides": [{"when": {"customer": "C7"}, "late": {"due": "PT1H"}}]})
    assert Kind.LATE not in said_otherwise.looked_for


def test_saying_a_default_is_another_override_than_saying_nothing() -> None:
    said = policy({"when": {"customer": "C7"}, "late": {"grace": "PT0S"}})
    unsaid = policy({"when": {"customer": "C7"}, "late": {}})
    assert said.fingerprint != unsaid.fingerprint
    [written] = said.model_dump(mode="json")["overrides"]
    assert written == {"when": {"customer": "C7"}, "late": {"grace": "PT0S"}}
    assert Policy.model_validate(said.model_dump(mode="json")).fingerprint == said.fingerprint


@pytest.mark.parametrize(
    ("override", "where"),
    [
        ({"when": {}, "late": {}}, ("overrides", 0, "when")),
        ({"late": {}}, ("overrides", 0, "when")),
        ({"when": {"region": "BY"}}, ("overrides", 0, "when")),
        ({"when": {"country": "Germany"}}, ("overrides", 0, "when", "country")),
        ({"when": {"costumer": "C7"}}, ("overrides", 0, "when", "costumer")),
        ({"when": {"customer": "C7"}, "laet": {}}, ("overrides", 0, "laet")),
        ({"when": {"customer": "C7"}, "late": {"graec": "PT1H"}}, ("overrides", 0, "late", "graec")),
        ({"when": {"customer": "C7"}, "late": {"grace": "soon"}}, ("overrides", 0, "late", "grace")),
    ],
)
def test_a_mistake_in_an_override_is_told_at_its_place(override: dict[str, Any], where: tuple[object, ...]) -> None:
    with pytest.raises(ValidationError) as refused:
        policy(override)
    assert [error["loc"] for error in refused.value.errors()] == [where]


def test_every_kind_may_be_overridden() -> None:
    assert {kind.value for kind in Kind} <= Kinds.model_fields.keys()


def test_no_kind_says_how_it_escalates_in_another_way_than_its_ladder() -> None:
    kinds: list[type[BaseModel]] = [type(getattr(Policy(), name)) for name in Kinds.model_fields]
    assert all("escalates_to" not in kind.model_fields for kind in kinds if issubclass(kind, KindPolicy))


def test_a_copy_of_a_policy_computes_for_itself() -> None:
    one = Policy()
    before = one.fingerprint
    assert one.model_copy(update={"counts": Counting.WORKING_HOURS}).fingerprint != before
