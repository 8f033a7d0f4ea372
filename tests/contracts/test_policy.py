"""The policy: what changes an answer changes its fingerprint, and a carrier is one under all its names."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from contracts.clock import INGRESS, poller_source
from contracts.policy import KindPolicy, OrphanPolicy, Policy, StalledPolicy
from contracts.snapshot import Kind

CARRIERS = {"sf": ("shunfeng", "SF Express"), "sto": ("Shentong",)}


def test_every_kind_of_finding_has_its_policy() -> None:
    assert all(isinstance(Policy().kind(kind), KindPolicy) for kind in Kind)


@pytest.mark.parametrize(
    "changed",
    [
        Policy(late=KindPolicy(grace=timedelta(hours=1))),
        Policy(late=KindPolicy(enabled=False)),
        Policy(stalled=StalledPolicy(carriers={"sf": timedelta(hours=20)})),
        Policy(orphan_tracking=OrphanPolicy(at_most=10)),
        Policy(carriers=CARRIERS),
        Policy(pollers=("works",)),
        Policy(returns_after=timedelta(hours=25)),
    ],
)
def test_what_can_change_an_answer_changes_the_fingerprint(changed: Policy) -> None:
    assert changed.fingerprint != Policy().fingerprint


def test_the_same_policy_written_in_another_order_is_the_same() -> None:
    backwards = dict(reversed(CARRIERS.items()))
    assert Policy(carriers=backwards).fingerprint == Policy(carriers=CARRIERS).fingerprint


def test_a_revision_alone_changes_no_answer() -> None:
    assert Policy(revision=7).fingerprint == Policy().fingerprint


@pytest.mark.parametrize("name", ["sf", "SF", " Shunfeng ", "sf express"])
def test_a_carrier_is_known_by_all_its_names(name: str) -> None:
    assert Policy(carriers=CARRIERS).carrier(name) == "sf"


def test_a_carrier_that_no_alias_names_keeps_its_own() -> None:
    assert Policy(carriers=CARRIERS).carrier("YTO") == "yto"


def test_two_names_mean_one_carrier_unless_both_are_known_and_differ() -> None:
    policy = Policy(carriers=CARRIERS)
    assert policy.same_carrier("SF", "shunfeng")
    assert policy.same_carrier("SF", "never heard of")
    assert policy.same_carrier("SF", "")
    assert not policy.same_carrier("SF", "Shentong")


@pytest.mark.parametrize("written", ["sf", "SF", "Shunfeng"])
@pytest.mark.parametrize("carriers", [{}, CARRIERS])
def test_a_carriers_own_silence_counts_under_any_of_its_names(
    written: str, carriers: dict[str, tuple[str, ...]]
) -> None:
    policy = Policy(stalled=StalledPolicy(carriers={written: timedelta(hours=20)}), carriers=carriers)
    assert policy.longest_silence(written.lower()) == timedelta(hours=20)
    assert policy.longest_silence("YTO") == timedelta(hours=48)


def test_silence_rests_on_the_polled_accounts_and_on_ingress() -> None:
    policy = Policy(pollers=("works", "depot"))
    assert policy.heard_from_erp == (poller_source("works"), poller_source("depot"))
    assert policy.heard_from_carriers() == (INGRESS,)
    assert policy.heard_from_account("works") == poller_source("works")
    assert policy.heard_from_account("pushes-to-us") == INGRESS
    assert Policy().heard_from_erp == (INGRESS,)


@pytest.mark.parametrize("grace", ["-PT1H", "P11Y", "soon"])
def test_a_span_is_neither_negative_nor_beyond_ten_years(grace: str) -> None:
    with pytest.raises(ValidationError):
        KindPolicy.model_validate({"grace": grace})


def test_an_unknown_name_is_a_mistake() -> None:
    with pytest.raises(ValidationError):
        Policy.model_validate({"laet": {}})


@pytest.mark.parametrize("second", ["PT4H", "PT3H"])
def test_each_step_of_a_ladder_comes_later_than_the_one_before(second: str) -> None:
    steps = [{"after": "PT4H", "role": "sales"}, {"after": second, "role": "production"}]
    with pytest.raises(ValidationError, match="later than the one before"):
        KindPolicy.model_validate({"escalation": steps})
    assert KindPolicy.model_validate({"escalation": steps[:1]}).escalation[0].after == timedelta(hours=4)
