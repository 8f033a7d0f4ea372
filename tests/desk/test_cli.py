"""A user's mistake is one sentence and exit code 2; nobody is shown a stack trace."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.errors import Fatal, QuaysideError, Rejected, Retryable
from desk import cli
from desk.broker import Broker
from desk.commands import COMMANDS
from desk.commands.choosing import loaded


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["quayside", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nope"], "quayside: No such command 'nope'."),
        (
            ["broker", "--port", "70000"],
            "quayside: Invalid value for '--port': found '70000'; expected at most 65535",
        ),
        (["broker", "--port", "x"], "quayside: Invalid value for '--port': found 'x'; expected a whole number\n"),
        (
            ["demo", "--language", "fr"],
            "quayside: Invalid value for '--language': 'fr' is not one of 'en', 'zh-CN'\n",
        ),
        (
            ["ledger", "list", "--state", "nosuch"],
            "quayside: Invalid value for '--state': 'nosuch' is not one of 'wanted', 'in_flight', 'open', ",
        ),
        (["map", "kuaidi100"], "quayside: Missing argument 'file'."),
        (["broker", "--prot", "1"], "quayside: No such option: --prot"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert run(monkeypatch, *arguments) == 2
    told = capsys.readouterr()
    assert told.err.startswith(sentence)
    assert told.err.count("\n") == 1
    assert told.out == ""


@pytest.mark.parametrize("error", [Rejected("the port is taken"), Retryable("not now"), Fatal("no broker")])
def test_an_error_of_ours_is_its_sentence_and_exit_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: QuaysideError
) -> None:
    def refuse(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "app", refuse)
    assert run(monkeypatch) == 2
    assert capsys.readouterr().err == f"quayside: {error.reason}\n"


def test_ctrl_c_leaves_quietly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "app", interrupt)
    assert run(monkeypatch) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is Linux's")
@pytest.mark.parametrize(("option", "unbuffered"), [("--version", ""), ("--help", ""), ("--help", "1")])
def test_what_cannot_be_written_is_one_sentence(option: str, unbuffered: str) -> None:
    """By Typer or by rich, and also where the interpreter would try it once more as it ends."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        env = {"PYTHONUNBUFFERED": unbuffered}
        asked = [sys.executable, "-m", "desk", option]
        done = subprocess.run(asked, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=env)
    assert (done.returncode, done.stderr) == (2, "quayside: cannot write: No space left on device\n")


def test_an_error_of_the_system_that_is_not_a_full_disk_is_not_dressed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(cli, "app", refuse)
    monkeypatch.setattr(sys, "argv", ["quayside"])
    with pytest.raises(PermissionError):
        cli.main()


def test_without_a_command_the_commands_are_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch)
    told = capsys.readouterr()
    assert "broker" in told.out
    assert told.err == ""


HEAVY = {"aiokafka", "fastapi", "openpyxl", "sqlalchemy"}
LOADED = "import sys\nfrom desk.cli import main\ntry: main()\nexcept SystemExit: print(*sys.modules, file=sys.stderr)"


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_what_tells_of_the_program_loads_none_of_its_parts(argument: str) -> None:
    done = subprocess.run([sys.executable, "-c", LOADED, argument], capture_output=True, text=True, check=True)
    modules = set(done.stderr.split())
    assert "desk.cli" in modules
    assert not modules & {*HEAVY, "pydantic", "connectors", "streams"}


@pytest.mark.slow
def test_the_list_of_connectors_loads_the_connectors_alone() -> None:
    command = [sys.executable, "-c", LOADED, "connectors", "list"]
    modules = set(subprocess.run(command, capture_output=True, text=True, check=True).stderr.split())
    assert "connectors.registry" in modules
    assert not modules & {*HEAVY, "streams"}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_by_the_words_with_which_its_help_begins(name: str) -> None:
    said = " ".join(str(loaded(name).help).split())
    assert said.startswith(COMMANDS[name].sentence)
    assert COMMANDS[name].sentence.endswith(".")


@pytest.mark.slow
def test_the_installed_command_tells_its_version() -> None:
    command = Path(sys.executable).with_name("quayside")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == "quayside 0.1.0\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["topics"],
        ["topics", "show"],
        ["trace", "SO1"],
        ["trace", "quayside.inbound/0/7"],
        ["dead-letters", "list"],
        ["dead-letters", "replay", "0/1"],
    ],
    ids=" ".join,
)
def test_a_broker_that_is_away_is_one_sentence_whoever_asks(tmp_path: Path, command: list[str]) -> None:
    """Kafka's client has much to say as well, and an unclosed one even more."""
    nobody = {"QUAYSIDE_BROKER": "127.0.0.1:1", "QUAYSIDE_STATE": str(tmp_path)}
    asked = [sys.executable, "-m", "desk", *command]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, env=nobody)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "quayside: the broker 127.0.0.1:1 cannot be reached\n"


@pytest.mark.parametrize(
    ("command", "topic"),
    [
        ("trace SO1", "snapshots"),
        ("trace bare.inbound/0/7", "inbound"),
        ("report deliveries", "snapshots"),
        ("report carriers", "snapshots"),
        ("act note SO1 --by me called", "snapshots"),
        ("dead-letters list", "dead-letters"),
    ],
)
def test_a_broker_without_our_topics_is_one_sentence_that_says_what_makes_them(
    broker: Broker, tmp_path: Path, command: str, topic: str
) -> None:
    """Kafka's client asks for a topic for 40 seconds, and then says that it had no answer in time."""
    bare = {
        "QUAYSIDE_BROKER": broker.bootstrap,
        "QUAYSIDE_KAFKA__PREFIX": "bare",
        "QUAYSIDE_STATE": str(tmp_path),
    }
    asked = [sys.executable, "-m", "desk", *command.split()]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, env=bare, timeout=30)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"quayside: the topic bare.{topic} is missing: `quayside topics` makes it\n"


@pytest.mark.slow
def test_a_worker_of_no_stage_is_a_mistake(tmp_path: Path) -> None:
    nobody = {"QUAYSIDE_BROKER": "127.0.0.1:1", "QUAYSIDE_STATE": str(tmp_path), "QUAYSIDE_LISTEN__WORKER__PORT": "0"}
    asked = [sys.executable, "-m", "desk", "worker", "--stages", ","]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, env=nobody)
    assert done.returncode == 2
    stages = "normalise, documents, resolve, cases, deliver, lanes"
    assert done.stderr == f"quayside: no stage is named; there are: {stages}\n"
