"""Webhooks of any ticket system: the suite of every source, and that nothing of them is believed."""

import pytest

from connectors.sources.target_hint import TARGET_HINT
from contracts.errors import Rejected
from contracts.hint import ANYTHING, Hint
from tests.connectors.source_conformance import SourceConformance


class TestTargetHint(SourceConformance):
    source = TARGET_HINT

    def test_whatever_it_says_the_watcher_looks_for_all_that_changed(self) -> None:
        for payload in (b'{"account": "another", "ticket": 7}', b'[{"objectId": 1}, {"objectId": 2}]'):
            (event,) = self.map(payload).events
            assert isinstance(event, Hint)
            assert (event.account, event.named) == ("service", ANYTHING)

    def test_a_list_with_something_else_in_it_is_refused_at_its_place(self) -> None:
        with pytest.raises(Rejected) as caught:
            self.map(b'[{"objectId": 1}, 7]')
        assert caught.value.path == "$[1]"
