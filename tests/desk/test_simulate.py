"""`quayside simulate`: events in, what would be noticed out; as docs/how-to/simulate.md tells it."""

import io
import json
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest

from desk import cli

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
SAMPLE = HOW_TO / "samples" / "simulate.jsonl"


class Ended(NamedTuple):
    """What a run of the command left behind."""

    code: int | str | None
    out: str
    err: str

    @property
    def changes(self) -> list[dict[str, Any]]:
        """The lines that tell a change."""
        return [line for line in map(json.loads, self.out.splitlines()) if "final" not in line]

    @property
    def final(self) -> list[dict[str, Any]]:
        """The final snapshots."""
        return [line["final"] for line in map(json.loads, self.out.splitlines()) if "final" in line]


class Simulate(Protocol):
    """Runs the command with these arguments."""

    def __call__(self, *arguments: object, reads: str = "") -> Ended:
        """Give what it left behind."""


@pytest.fixture
def simulate(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Simulate:
    def run(*arguments: object, reads: str = "") -> Ended:
        monkeypatch.setattr(sys, "argv", ["quayside", "simulate", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(reads.encode())))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return Ended(ended.value.code, told.out, told.err)

    return run


def kinds(line: dict[str, Any]) -> list[tuple[str, str]]:
    return [(task["kind"], task["role"]) for task in line["wanted"]]


def test_the_sample_gives_a_line_for_each_change_at_its_own_instant(simulate: Simulate) -> None:
    ended = simulate(SAMPLE)
    assert (ended.code, ended.err) == (0, "")
    released, risk = ("release_late", "logistics"), ("at_risk", "logistics")
    short, late, stalled = ("under_despatched", "production"), ("late", "logistics"), ("stalled", "logistics")
    assert [(line["at"], line["status"], kinds(line)) for line in ended.changes[3:]] == [
        ("2026-03-02T08:00:00.000000Z", "partially_despatched", [released]),
        ("2026-03-02T16:00:00.000000Z", "partially_despatched", [risk, released]),
        ("2026-03-02T20:12:00.000000Z", "partially_despatched", [risk, released]),
        ("2026-03-03T06:06:00.000000Z", "in_transit", []),
        ("2026-03-03T06:30:00.000000Z", "in_transit", [("under_despatched", "sales")]),
        ("2026-03-04T06:30:00.000000Z", "in_transit", [short]),
        ("2026-03-04T16:00:00.000000Z", "in_transit", [late, short]),
        ("2026-03-04T20:00:00.000000Z", "in_transit", [late, stalled, short]),
        ("2026-03-05T04:12:00.000000Z", "delivered", [short]),
    ]
    [snapshot] = ended.final
    assert snapshot["view"]["status"] == "delivered"


def test_the_how_to_shows_what_the_sample_gives(simulate: Simulate) -> None:
    """The lines that the page abridges are there, in their order, with what it shows of each."""
    page = (HOW_TO / "simulate.md").read_text(encoding="utf-8")
    lines = iter(simulate(SAMPLE).out.splitlines())
    shown = re.findall(r'^    (\{"at".*)$', page, re.MULTILINE)
    assert shown
    for line in shown:
        pattern = ".*".join(map(re.escape, line.split("…")))
        assert any(re.match(pattern, given) for given in lines), line


def test_the_same_file_gives_the_same_lines_and_the_order_of_its_lines_does_not_matter(
    simulate: Simulate, tmp_path: Path
) -> None:
    told = SAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)
    backwards = tmp_path / "backwards.jsonl"
    # The two goods issues were received at one instant; those stay in the order of the file.
    backwards.write_text("".join([*told[:2:-1], told[1], told[2], told[0]]), encoding="utf-8")
    assert simulate(SAMPLE) == simulate(SAMPLE) == simulate(backwards)


def test_until_ends_it_there(simulate: Simulate) -> None:
    ended = simulate(SAMPLE, "--until", "2026-03-04T00:00:00+08:00")
    assert ended.changes[-1]["at"] == "2026-03-03T06:30:00.000000Z"
    assert ended.final[0]["view"]["status"] == "in_transit"


@pytest.mark.parametrize("form", ["policy: {GIVEN}", "{GIVEN}"])
def test_the_policy_is_read_from_a_configuration_or_alone(simulate: Simulate, tmp_path: Path, form: str) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(form.replace("GIVEN", "tolerance: {under_percent: 20}"), encoding="utf-8")
    tasks = {kind for line in simulate(SAMPLE, "--policy", policy).changes for kind, _ in kinds(line)}
    assert tasks == {"release_late", "at_risk", "late", "stalled"}


def test_final_shows_the_final_snapshots_alone(simulate: Simulate) -> None:
    ended = simulate(SAMPLE, "--final")
    assert ended.changes == []
    assert ended.final == simulate(SAMPLE).final


def test_a_dash_reads_standard_input(simulate: Simulate) -> None:
    assert simulate("-", reads=SAMPLE.read_text(encoding="utf-8")) == simulate(SAMPLE)


def test_an_orphan_is_still_there_at_the_end(simulate: Simulate) -> None:
    """A simulation does not go on until its facts are dropped by their age."""
    [_, _, _, scanned, *_] = SAMPLE.read_text(encoding="utf-8").splitlines()
    [orphan] = simulate("-", "--final", reads=scanned).final
    assert [task["kind"] for task in orphan["wanted"]["tasks"]] == ["orphan_tracking"]


@pytest.mark.parametrize("received_at", ["2028-03-02T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_an_event_may_be_heard_years_after_its_version_and_at_the_last_instant_there_is(
    simulate: Simulate, received_at: str
) -> None:
    """What is kept of its document is due to be forgotten before it was heard of."""
    [ordered, *_] = SAMPLE.read_text(encoding="utf-8").splitlines()
    ended = simulate(
        "-", reads=ordered.replace('"received_at": "2026-03-02T00:00:00Z"', f'"received_at": "{received_at}"')
    )
    assert (ended.code, ended.err) == (0, "")
    assert ended.changes[-1]["at"][:10] == received_at[:10]
    assert [task["kind"] for task in ended.final[0]["wanted"]["tasks"]] == ["late"]


def test_a_refused_event_is_named_and_the_rest_goes_on(simulate: Simulate, tmp_path: Path) -> None:
    told = SAMPLE.read_text(encoding="utf-8").splitlines()
    broken = json.dumps(
        {"type": "quayside.order.changed.v1", "received_at": "2026-03-02T01:00:00Z", "data": {"account": "factory"}}
    )
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join([told[0], broken, *told[1:]]), encoding="utf-8")
    ended = simulate(file)
    assert ended.code == 1
    assert ended.err == f"quayside: {file}:2: refused: $.document: found nothing; expected a value (and 1 more)\n"
    assert ended.out == simulate(SAMPLE).out


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "not an event: "),
        (
            '{"type": "x", "data": {"account": "a"}}',
            "not an event: Object missing required",
        ),
        (
            '{"type": "x", "received_at": "2026-03-02T01:00:00", "data": {"account": "a"}}',
            "received_at has no zone",
        ),
        (
            '{"type": "x", "received_at": "2026-03-02T01:00:00Z", "data": {}}',
            "not an event: ",
        ),
        (
            '{"type": "x", "received_at": "9999-12-31T23:59:59-08:00", "data": {"account": "a"}}',
            "received_at is before the year 1 or after 9999 in UTC",
        ),
        (
            f'{{"type": "x", "received_at": "2026-03-02T01:00:00Z", "data": {{"a": {"[" * 5000}{"]" * 5000}}}}}',
            "not an event: it is nested too deeply",
        ),
    ],
    ids=["JSON", "no time", "no zone", "no account", "no such time in UTC", "5000 levels"],
)
def test_a_line_that_is_no_event_is_one_sentence_and_exit_2(simulate: Simulate, line: str, sentence: str) -> None:
    ended = simulate("-", reads=f"\n{line}\n")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"quayside: standard input:2: {sentence}")
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        (
            b"revision: 2\nlate:\n  grace: tomorrow\n",
            ":3: policy.late.grace: found 'tomorrow'; expected an ISO 8601 duration such as PT36H",
        ),
        (b"policy:\n  late: {graze: PT1H}\n", ":2: policy.late.graze: unknown name 'graze'; did you mean 'grace'?"),
        (b"- late", ":1: a configuration is a list of `name: value` lines"),
        (b"late: {", ":1: is not YAML: "),
        (b"late: \xff", ":1: is not UTF-8 text"),
    ],
)
def test_a_wrong_policy_is_one_sentence_with_its_line_and_exit_2(
    simulate: Simulate, tmp_path: Path, policy: bytes, sentence: str
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_bytes(policy)
    ended = simulate(SAMPLE, "--policy", file)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"quayside: {file}{sentence}")
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere.jsonl"], "quayside: nowhere.jsonl cannot be read: No such file or directory\n"),
        (
            [SAMPLE, "--policy", "nowhere.yaml"],
            "quayside: nowhere.yaml: cannot be read: No such file or directory\n",
        ),
        ([SAMPLE, "--until", "tomorrow"], "quayside: --until: not an RFC 3339 instant: 'tomorrow'\n"),
        ([SAMPLE, "--until", "2026-03-04"], "quayside: --until: an instant without a zone: '2026-03-04'\n"),
    ],
)
def test_a_wrong_argument_is_one_sentence_and_exit_2(
    simulate: Simulate, arguments: list[object], sentence: str
) -> None:
    assert simulate(*arguments) == (2, "", sentence)


def test_its_help_says_what_goes_in_and_what_comes_out(simulate: Simulate) -> None:
    ended = simulate("--help")
    told = " ".join(ended.out.split())
    assert ended.code == 0
    assert 'A line of FILE is {"type": …, "received_at": RFC 3339, "data": {…}}' in told
    assert "the exit code is 1" in told
    for option in ("--until", "--policy", "--final"):
        assert option in told
