"""The containers run every role, each with a health check on its own port, and are watched."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft201909Validator, FormatChecker
from prometheus_client import Metric

from connectors.pollers.sample_file import SCHEME
from connectors.registry import POLLERS, TARGETS
from contracts.clock import WallClock
from contracts.connector import Context
from contracts.events import TYPE_OF
from contracts.metrics import REGISTRY
from contracts.raw import RawRequest
from contracts.settings import RoleSettings, Settings
from desk.commands import COMMANDS
from streams.simulation import Heard, Refused, Simulation
from tests.docker import DOCKER

ROLES = list(RoleSettings.model_fields)
STARTED = datetime(2026, 11, 21, 8, tzinfo=UTC)
"""When somebody starts the containers: any day after those of the sample."""


def read(*path: str) -> Any:  # noqa: ANN401 any YAML
    return yaml.safe_load(DOCKER.joinpath(*path).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = read("compose.yaml")["services"]
    return found


@pytest.fixture(scope="module")
def settings() -> Settings:
    return Settings.model_validate(read("quayside.yaml"))


@pytest.fixture(scope="module")
def specification() -> Draft201909Validator:
    schema = json.loads(Path(__file__).with_name("compose-spec.schema.json").read_text(encoding="utf-8"))
    return Draft201909Validator(schema, format_checker=FormatChecker())


def test_the_compose_file_is_one_by_the_specification(specification: Draft201909Validator) -> None:
    found = [f"{error.json_path}: {error.message}" for error in specification.iter_errors(read("compose.yaml"))]
    assert found == []


@pytest.mark.parametrize("slip", [{"healthchek": {}}, {"ports": "8480"}, {"depends_on": {"kafka": {"if": "up"}}}])
def test_a_slip_in_the_compose_file_is_found(specification: Draft201909Validator, slip: dict[str, Any]) -> None:
    compose = read("compose.yaml")
    compose["services"]["ingress"] |= slip
    assert not specification.is_valid(compose)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_runs_and_is_asked_for_its_health_where_it_listens(
    services: dict[str, Any], settings: Settings, role: str
) -> None:
    listen = getattr(settings.listen, role)
    assert services[role]["command"] == [role]
    assert services[role]["environment"]["HEALTH"] == f"http://127.0.0.1:{listen.port}/healthz"
    assert listen.host == "0.0.0.0", "another container could not reach it"  # noqa: S104


def test_every_service_that_stays_has_a_health_check(services: dict[str, Any]) -> None:
    image = DOCKER.joinpath("Dockerfile").read_text(encoding="utf-8")
    assert "\nHEALTHCHECK " in image
    for name in set(services) - {*ROLES, "desk", "topics"}:
        assert services[name]["healthcheck"]["test"][0] == "CMD"


def test_ports_are_published_on_loopback_only(services: dict[str, Any]) -> None:
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_the_image_does_not_run_as_root() -> None:
    instructions = DOCKER.joinpath("Dockerfile").read_text(encoding="utf-8").splitlines()
    users = [line.split()[1] for line in instructions if line.startswith("USER ")]
    assert users == ["quayside"]


def test_kafka_is_the_version_that_the_tests_run(services: dict[str, Any]) -> None:
    from desk.broker.jars import KAFKA_VERSION  # noqa: PLC0415 wants the extra `local`

    assert services["kafka"]["image"] == f"apache/kafka:{KAFKA_VERSION}"


def test_all_volumes_are_declared_and_used(services: dict[str, Any]) -> None:
    mounted = [str(mount).partition(":")[0] for service in services.values() for mount in service.get("volumes", [])]
    files = {mount for mount in mounted if mount.startswith(".")}
    assert set(mounted) - files == set(read("compose.yaml")["volumes"])
    assert all((DOCKER / file).exists() for file in files)


def test_every_role_has_something_to_do_as_it_is_shipped(services: dict[str, Any], settings: Settings) -> None:
    (poller,), (target,) = settings.pollers, settings.targets
    assert f"./sample.jsonl:{poller.url.removeprefix(SCHEME)}:ro" in services["poll"]["volumes"]
    POLLERS[poller.connector].check(poller)
    TARGETS[target.connector].check(target)
    desk = services["desk"]
    port = desk["command"][desk["command"].index("--port") + 1]
    assert (target.url, desk["environment"]["HEALTH"]) == (f"http://desk:{port}", f"http://127.0.0.1:{port}/records")
    assert desk["ports"] == [f"127.0.0.1:{port}:{port}"]


async def test_of_the_shipped_orders_one_never_left_one_was_despatched_short_and_one_has_time(
    settings: Settings,
) -> None:
    (shipped,) = settings.pollers
    poller = POLLERS[shipped.connector]
    account = shipped.model_copy(update={"url": f"{SCHEME}{DOCKER / 'sample.jsonl'}"})
    context = Context(poller.name, account.name, STARTED)
    heard = []
    async with poller.open(account, None, WallClock()) as session:
        async for reading in session.changed_since(""):
            raw = RawRequest(poller.name, account.name, reading.body, STARTED, "application/json")
            for event in poller.to_events(poller.read(raw), context).events:
                body = {"type": TYPE_OF[type(event)], "data": json.loads(event.encode())}
                heard.append(Heard(STARTED, account.name, json.dumps(body).encode()))
    simulation = Simulation(heard, settings.policy)
    assert not any(isinstance(found, Refused) for found in simulation.run(STARTED + timedelta(hours=1)))
    wanted = {found.subject: {task.kind for task in found.wanted.tasks} for found in simulation.final()}
    assert wanted["SO-1001"] == {"late"}
    assert wanted["SO-1002"] >= {"late", "under_despatched"}
    assert wanted["SO-1003"] == set()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_scraped(settings: Settings, role: str) -> None:
    (job,) = read("prometheus", "prometheus.yml")["scrape_configs"]
    targets = {config["labels"]["role"]: config["targets"] for config in job["static_configs"]}
    assert targets[role] == [f"{role}:{getattr(settings.listen, role).port}"]


def exposed(metric: Metric) -> set[str]:
    """The names under which a metric is scraped."""
    endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}
    return {metric.name + ending for ending in endings.get(metric.type, [""])}


def test_alerts_watch_metrics_that_exist() -> None:
    names = {name for metric in REGISTRY.collect() for name in exposed(metric)}
    rules = [rule for group in read("prometheus", "alerts.yml")["groups"] for rule in group["rules"]]
    watched = {name for rule in rules for name in re.findall(r"\bquayside_\w+", rule["expr"])}
    assert watched
    assert watched <= names


def test_the_build_context_has_what_the_dockerfile_copies() -> None:
    root = DOCKER.parent
    allowed = {line[1:] for line in Path(root, ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        source
        for line in DOCKER.joinpath("Dockerfile").read_text(encoding="utf-8").splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    }
    assert copied == allowed
    assert all((root / name).exists() for name in copied)


def test_every_command_in_the_containers_is_one_of_ours(services: dict[str, Any]) -> None:
    used = {service["command"][0] for service in services.values() if "command" in service}
    assert {*ROLES, "topics"} <= used <= set(COMMANDS)
