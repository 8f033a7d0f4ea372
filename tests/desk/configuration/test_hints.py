"""Hints that wake nobody are told by a check: a name is easily mistyped, and nothing else would ever say so."""

import pytest

from contracts.settings import PollerAccount, Settings, SourceAccount, TargetAccount
from desk.configuration.hints import hints_to_nobody

POLLER = PollerAccount(name="works", connector="odoo", url="https://odoo.example.com")
DESK = TargetAccount(name="desk", connector="ticket-desk", url="https://desk.example.com")


@pytest.mark.parametrize(
    ("name", "wakes", "wakes_somebody"),
    [("works", None, True), ("odoo", "works", True), ("odoo", "desk", True), ("odoo", None, False)],
)
def test_hints_are_for_a_poller_or_a_target(name: str, wakes: str | None, *, wakes_somebody: bool) -> None:
    options = {"wakes": wakes} if wakes else {}
    source = SourceAccount(name=name, connector="odoo-webhook", options=options)
    pushes = SourceAccount(name="express", connector="kuaidi100")
    told = list(hints_to_nobody(Settings(sources=(pushes, source), pollers=(POLLER,), targets=(DESK,))))
    if wakes_somebody:
        assert told == []
    else:
        [(place, sentence)] = told
        assert place == ("sources", 1)
        assert "'odoo'; the option `wakes` names one" in sentence
