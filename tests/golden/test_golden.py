"""Released states stay readable, and a change of what they say is a new fold version."""

import json
from typing import Any

import pytest

from streams.delivery import facts
from streams.delivery.fold import FOLD_VERSION
from streams.engine.keyrecord import MARKS_KEY, read_key, read_marks
from streams.engine.stage import StateFormat
from streams.stages import documents, resolve
from tests.golden.make import ANSWERS, STATES, answers

FORMATS: dict[str, StateFormat[Any]] = {
    "documents": documents.FORMAT,
    "resolve": resolve.FORMAT,
    "deliver": facts.FORMAT,
}
STORED: dict[str, dict[str, str]] = json.loads(STATES.read_text(encoding="utf-8"))


@pytest.mark.parametrize("stage", FORMATS)
def test_a_state_that_a_release_wrote_is_read_and_written_alike(stage: str) -> None:
    for key, value in STORED[stage].items():
        stored = bytes.fromhex(value)
        if bytes.fromhex(key) == MARKS_KEY:
            assert read_marks(stored).encode() == stored
            continue
        record = read_key(stored)
        assert record.encode() == stored
        assert record.state is not None
        state = FORMATS[stage].read(record.state)
        assert FORMATS[stage].read(FORMATS[stage].write(state)) == state
        if record.state[0] == FORMATS[stage].number:
            assert FORMATS[stage].write(state) == record.state


def test_the_same_facts_give_the_same_answer_unless_the_fold_version_grew() -> None:
    golden = json.loads(ANSWERS.read_text(encoding="utf-8"))
    assert golden["fold_version"] == FOLD_VERSION, "the fold version grew: write the golden answers anew (see make.py)"
    changed = [
        (expected["snapshot"]["subject"], expected["now"])
        for expected, found in zip(golden["answers"], answers(STORED), strict=True)
        if expected != found
    ]
    assert not changed, f"FOLD_VERSION must grow: other answers for {changed}"
