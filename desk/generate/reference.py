"""The reference pages about topics, metrics, errors and commands."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

from typer.main import get_command

from contracts import errors, metrics
from contracts.settings import KafkaSettings, RoleSettings
from contracts.topics import TOPICS, UPSTREAMS, Topic
from desk.cli import MISTAKE, app
from desk.commands import COMMANDS
from desk.commands.choosing import loaded
from desk.generate.markdown import code, page, table
from desk.roles import CRASHED

ROOT = Path(__file__).parents[2]
PACKAGES = ("contracts", "mappings", "connectors", "streams", "desk")
_CLASSES = {"Rejected": "stored with its reason; mend it and replay", "Retryable": "tried again", "Fatal": "restart"}


def topics_page() -> str:
    """Every topic, its key and lifetime, and how the broker's must be set."""
    kafka = KafkaSettings()
    rows = [(code(kafka.topic(topic.name)), topic.key, topic.owner, _kept(topic), _size(topic)) for topic in TOPICS]
    settings = [
        f"## `{topic.name}`\n\n{_events(topic)}"
        + table(("setting", "value"), [(code(name), code(value)) for name, value in topic.configuration().items()])
        for topic in TOPICS
    ]
    waits = table(
        ("stage", "waits for the time of"),
        [(code(stage), ", ".join(map(code, upstreams))) for stage, upstreams in UPSTREAMS.items()],
    )
    return page(
        "Topics",
        f"Names are shown with the default prefix, `{kafka.prefix}` (`kafka.prefix`). All topics but `marks` have "
        "`kafka.partitions` partitions, fixed once created. `quayside topics` makes them, and refuses where an "
        "existing one differs.",
        table(("topic", "key", "written by", "kept", "largest record"), rows),
        "## Time\n\n" + waits,
        *settings,
    )


def metrics_page() -> str:
    """Every metric that a role shows at `/metrics`."""
    rows = []
    for collector in _collectors():
        (family,) = collector.describe()
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = ", ".join(code(label) for label in collector._labelnames)  # noqa: SLF001 the library tells it nowhere else
        rows.append((code(name), family.type, labels, family.documentation))
    return page(
        "Metrics",
        "Every role shows the ones it moves at `/metrics`, in Prometheus' text format or OpenMetrics. A label's values "
        "come from the configuration or from a list in the code, never from a payload.",
        table(("metric", "kind", "labels", "what it says"), sorted(rows)),
    )


def errors_page() -> str:
    """The tree of errors, and every code with what happens next."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for kind, name in _raised(path.read_text(encoding="utf-8")):
            found[name, kind].add(path.relative_to(ROOT).with_suffix("").as_posix().replace("/", "."))
    rows = [
        (code(name), code(kind), _CLASSES[kind], ", ".join(map(code, sorted(modules))))
        for (name, kind), modules in sorted(found.items())
    ]
    tree = str(errors.__doc__).split("\n\n", 1)[1]
    first, *rest = tree.split("\n\n")
    return page(
        "Errors",
        "Named by what happens next:",
        f"```\n{dedent(first).strip()}\n```",
        "\n\n".join(rest),
        "## Codes\n\nA code is stable; the sentence beside it is for people and may change.",
        table(("code", "error", "what happens next", "raised in"), rows),
    )


def commands_page() -> str:
    """Every command with its arguments and options."""
    group: Any = get_command(app)
    commands = _commands({name: loaded(name) for name in COMMANDS}, "")
    parts = [f"## `quayside {name}`\n\n{_command(command)}" for name, command in commands]
    return page("Commands", str(group.help), *_exits(), *parts)


def _exits() -> tuple[str, str]:
    roles = ", ".join(map(code, RoleSettings.model_fields))
    mistake = (
        f"A user's mistake, and what the world refuses, is one sentence on standard error and exit code {MISTAKE}."
    )
    crash = (
        f"A role ({roles}) is the exception once it runs: what its configuration is not to blame for, such as a broker "
        f"that is away, it waits for, or tells it as lines of its log and ends with exit code {CRASHED}, so that "
        "whoever supervises it starts it again, as `quayside up` does."
    )
    return mistake, crash


def _commands(commands: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for name, command in sorted(commands.items()):
        if hasattr(command, "commands"):
            yield from _commands(command.commands, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


def _command(command: Any) -> str:  # noqa: ANN401 typer vendors click without its types
    rows = [
        (code(", ".join(parameter.opts)), _shown(parameter.default), code(parameter.envvar or ""), parameter.help or "")
        for parameter in command.params
        if parameter.name != "help"
    ]
    words = "\n\n".join(" ".join(part.split()) for part in str(command.help).split("\n\n"))
    return words + ("\n\n" + table(("option", "default", "variable", ""), rows) if rows else "")


def _shown(default: object) -> str:
    if default is None or default is False or callable(default):
        return ""
    return code(str(getattr(default, "value", default)))


def _collectors() -> Iterator[Any]:
    seen: set[int] = set()
    for value in vars(metrics).values():
        if hasattr(value, "describe") and hasattr(value, "_labelnames") and id(value) not in seen:
            seen.add(id(value))
            yield value


def _raised(source: str) -> Iterator[tuple[str, str]]:
    """Find each `Rejected(…, code="…")` and its siblings; a module that names none of them is not parsed."""
    for node in ast.walk(ast.parse(source)) if any(kind in source for kind in _CLASSES) else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CLASSES:
            for keyword in node.keywords:
                if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
                    yield node.func.id, str(keyword.value.value)


def _events(topic: Topic) -> str:
    return f"Events: {', '.join(map(code, topic.schemas))}\n\n" if topic.schemas else ""


def _kept(topic: Topic) -> str:
    return "the newest of each key" if topic.compacted else f"{topic.retention.days} days"


def _size(topic: Topic) -> str:
    return f"{topic.record_limit:,} bytes"
