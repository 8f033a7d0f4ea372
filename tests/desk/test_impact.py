"""`quayside check --impact`: what a policy would do to what a deployment on a real broker has open."""

import asyncio
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from desk import cli
from desk.broker import Broker
from streams.tracing.outcome import Outcome
from tests.streams.tracing.test_trace import Sent, deployment
from tests.streams.way import ERP, order


def check(tmp_path: Path, way: Sent | None, policy: str) -> Result:
    """Run it with this policy against a deployment."""
    factory = {"name": ERP, "connector": "tryton", "url": "https://erp/factory", "secret": {"env": "TRYTON_KEY"}}
    configuration: dict[str, object] = {"pollers": [factory]}
    if way is not None:
        configuration["kafka"] = way.kafka.model_dump(mode="json")
    (tmp_path / "quayside.yaml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    (tmp_path / "policy.yaml").write_text(policy, encoding="utf-8")
    return CliRunner().invoke(
        cli.app, ["check", str(tmp_path / "quayside.yaml"), "--impact", "--policy", str(tmp_path / "policy.yaml")]
    )


async def test_a_policy_is_tried_on_what_is_open_and_nothing_is_changed_by_it(broker: Broker, tmp_path: Path) -> None:
    async with deployment(broker) as way:
        await way.fate(await way.tell(order()), Outcome.APPLIED)
        await way.hear(65)
        async with asyncio.timeout(60):
            while True:  # each look reads the state anew
                tried = await asyncio.to_thread(check, tmp_path, way, "revision: 2\nlate: {grace: PT9H}\n")
                if "would close:" in tried.output:
                    break
                assert tried.exit_code == 0, tried.output
        lines = tried.output.splitlines()
        assert lines[0] == "Judged as of now: 1 open deliveries"
        assert ["late", "0", "1", "0", "1", "0"] in [line.split() for line in lines]
        assert lines[-1] == "  late of order SO1 of factory, since 2026-03-04 16:00 UTC"
        again = await asyncio.to_thread(check, tmp_path, way, "revision: 2\n")
        assert again.output.splitlines()[-1] == "Nothing would open, close or change."


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ("late: {graec: PT1H}\n", "policy.yaml:1: policy.late.graec: unknown name 'graec'; did you mean 'grace'?"),
        ("late: {}\ncalendar: works\n", "policy.yaml:2: policy.calendar: unknown calendar 'works'"),
        ("policy:\n  calendar: works\n", "policy.yaml:2: policy.calendar: unknown calendar 'works'"),
        ("late: [\n", "policy.yaml:2: is not YAML"),
    ],
)
def test_a_policy_that_is_wrong_is_not_tried(tmp_path: Path, policy: str, told: str) -> None:
    assert told in str(check(tmp_path, None, policy).exception)


@pytest.mark.parametrize("arguments", [["--impact"], ["--policy", "policy.yaml"]])
def test_the_policy_to_try_is_named(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tried = CliRunner().invoke(cli.app, ["check", *arguments])
    assert "--policy" in str(tried.exception)
