"""What is wrong with trackers is told by line, and what is right reaches the policy."""

from datetime import timedelta

import pytest

from connectors import registry
from contracts.policy import TrackerRule
from desk.configuration import meaning
from tests.desk.configuration.conftest import Read

SOURCES = "sources:\n- {name: pushes, connector: kuaidi100, secrets: [{env: SALT}]}\n"
BEGIN = "trackers:\n- name: express\n  connector: kuaidi100\n  url: https://poll.kuaidi100.com\n"
END = "  callback: https://quayside.example/in/kuaidi100/pushes\n  options: {customer: C1}\n"
RIGHT = SOURCES + BEGIN + "  source: pushes\n" + END


@pytest.fixture(autouse=True)
def real_connectors(bare_environment: object, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 after it
    """Trackers are checked by their own connectors."""
    known = {"sources": registry.SOURCES, "pollers": {}, "targets": registry.TARGETS, "trackers": registry.TRACKERS}
    monkeypatch.setattr(meaning, "CONNECTORS", known)


WRONG = [
    pytest.param(
        RIGHT.replace("source: pushes", "source: pushs"),
        "quayside.yaml:7: trackers[0].source: 'pushs' is no account under `sources` that reads its pushes; did you "
        "mean 'pushes'?",
        id="a source nobody knows",
    ),
    pytest.param(
        RIGHT.replace("connector: kuaidi100, secrets", "connector: cloudevents, secrets"),
        "there is none of the connector kuaidi100",
        id="a source that reads other pushes",
    ),
    pytest.param(
        RIGHT.replace("{customer: C1}", "{costumer: C1}"),
        "quayside.yaml:9: trackers[0].options.costumer: found",
        id="an option nobody knows",
    ),
    pytest.param(RIGHT.replace("{customer: C1}", "{}"), "give the option `customer`", id="nothing to ask with"),
    pytest.param(
        RIGHT.replace("https://quayside.example", "quayside.example"),
        "quayside.yaml:8: trackers[0].callback: kuaidi100 is told with each registration where to push to",
        id="a callback that is no address",
    ),
    pytest.param(
        RIGHT + "- {name: second, connector: kuaidi100, url: 'https://poll.kuaidi100.com', source: pushes,\n"
        "   callback: 'https://q.example', options: {customer: C1}, carriers: {sf: shunfeng, '*': ''}}\n",
        "all other carriers already go to 'express'",
        id="two that take all others",
    ),
    pytest.param(
        RIGHT.replace("  source: pushes\n", "  source: pushes\n  carriers: {sf: shunfeng}\n")
        + "- {name: second, connector: kuaidi100, url: 'https://poll.kuaidi100.com', source: pushes,\n"
        "   callback: 'https://q.example', options: {customer: C1}, carriers: {顺丰: shunfeng}}\n"
        "policy: {carriers: {sf: [顺丰]}}\n",
        "trackers[1].carriers.顺丰: '顺丰' already go to 'express'",
        id="one carrier under two names",
    ),
    pytest.param(
        RIGHT.replace("  source: pushes\n", "  source: pushes\n  carriers: {}\n"), "carriers", id="no carrier"
    ),
    pytest.param(
        RIGHT.replace("  source: pushes\n", "  source: pushes\n  notices: true\n"),
        "trackers[0].notices: has no effect at a tracker",
        id="what only targets do",
    ),
    pytest.param(
        RIGHT + "targets:\n- {name: express, connector: ticket-desk, url: 'http://desk'}\n",
        "a target and a tracker have one name: express",
        id="one name for a target and a tracker",
    ),
    pytest.param(
        RIGHT.replace("connector: kuaidi100\n", "connector: ticket-desk\n"),
        "'ticket-desk' belongs under `targets`, not under `trackers`",
        id="a target among the trackers",
    ),
    pytest.param(
        "policy:\n  trackers: [{name: express}]\n",
        "quayside.yaml:2: policy.trackers: is filled from the accounts under `trackers`",
        id="a policy that names them",
    ),
]


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_a_mistaken_tracker_is_told_by_line(read: Read, text: str, expected: str) -> None:
    found = [str(mistake) for mistake in read(text).mistakes if not mistake.is_warning]
    assert any(expected in one for one in found), found


def test_the_policy_is_told_who_registers_which_carriers_and_when_again(read: Read) -> None:
    reading = read(RIGHT.replace("  source: pushes\n", "  source: pushes\n  carriers: {sf: shunfeng}\n  asks: false\n"))
    assert [mistake for mistake in reading.mistakes if not mistake.is_warning] == []
    assert reading.settings is not None
    assert reading.settings.policy.trackers == (
        TrackerRule(name="express", carriers=("sf",), again_after=timedelta(minutes=30), asks=False),
    )
    assert [account.name for account in reading.settings.dispatched] == ["express"]
