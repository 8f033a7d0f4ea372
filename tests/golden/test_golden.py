"""Released states stay readable, and a change of what they say is a new fold version."""

import json
from typing import Any

import pytest

from streams.delivery import facts
from streams.delivery.fold import FOLD_VERSION
from streams.engine.keyrecord import MARKS_KEY, read_key, read_marks
from streams.engine.stage import StateFormat
from streams.stages import known_case, known_document, known_parcel, lanes
from tests.golden.make import ANSWERS, FOLDER, STATES, answers

MARKS = MARKS_KEY.hex()
FORMATS: dict[str, StateFormat[Any]] = {
    "documents": known_document.FORMAT,
    "resolve": known_parcel.FORMAT,
    "cases": known_case.FORMAT,
    "deliver": facts.FORMAT,
    "lanes": lanes.FORMAT,
}
STORED: dict[str, dict[str, dict[str, str]]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("states-*.json"))
}


@pytest.mark.parametrize("stage", FORMATS)
@pytest.mark.parametrize("written", STORED)
def test_a_state_that_a_release_wrote_is_read_and_written_alike(written: str, stage: str) -> None:
    for key, value in STORED[written].get(stage, {}).items():
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


def test_a_state_of_the_present_formats_is_kept_too() -> None:
    for stage, state_format in FORMATS.items():
        records = [read_key(bytes.fromhex(value)) for key, value in STORED[STATES.stem][stage].items() if key != MARKS]
        assert {record.state[0] for record in records if record.state} == {state_format.number}


@pytest.mark.parametrize("written", STORED)
def test_the_deliveries_of_every_release_still_say_what_they_said(written: str) -> None:
    golden = json.loads(ANSWERS.read_text(encoding="utf-8"))
    assert answers(STORED[written]) == golden["answers"]


def test_the_same_facts_give_the_same_answer_unless_the_fold_version_grew() -> None:
    golden = json.loads(ANSWERS.read_text(encoding="utf-8"))
    assert golden["fold_version"] == FOLD_VERSION, "the fold version grew: write the golden answers anew (see make.py)"
    changed = [
        (expected["snapshot"]["subject"], expected["now"])
        for expected, found in zip(golden["answers"], answers(STORED[STATES.stem]), strict=True)
        if expected != found
    ]
    assert not changed, f"FOLD_VERSION must grow: other answers for {changed}"
