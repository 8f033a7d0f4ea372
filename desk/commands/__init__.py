"""The commands of `quayside`, one module each, which is imported when its command is chosen.

So what a command needs costs those alone who use it: `quayside --help` is written from the sentences below.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Listed(NamedTuple):
    """A command as it is listed. place: `module:name` in this package. sentence: with which its own help begins."""

    place: str
    sentence: str


COMMANDS: Mapping[str, Listed] = {
    "up": Listed(
        "up:up",
        "Run all roles, each a process that is started again when it crashes; "
        "and Kafka, where no broker is configured.",
    ),
    "ingress": Listed(
        "ingress:ingress",
        "Take what senders push, at /in/CONNECTOR/ACCOUNT; several of them may share the work.",
    ),
    "poll": Listed(
        "poll:poll",
        "Read the systems that do not push; several of them share the accounts, one for each account at a time.",
    ),
    "worker": Listed(
        "worker:worker",
        "Fold events into delivery records, notice what is late or short, and write snapshots of what is so.",
    ),
    "dispatch": Listed(
        "dispatch:dispatch",
        "Open, update and close tasks at the targets, until they hold what the snapshots want.",
    ),
    "broker": Listed(
        "broker:broker",
        "Run a single-node Apache Kafka until Ctrl-C or SIGTERM.",
    ),
    "check": Listed(
        "check:check",
        "Explain every mistake in the configuration: its line, what was found, what is allowed.",
    ),
    "topics": Listed(
        "topics:topics",
        "Make the declared topics, and show them beside what the broker has.",
    ),
    "import": Listed(
        "importing:import_files",
        "Take files: tables by a column mapping, EDI, or whatever else the account's connector reads.",
    ),
    "map": Listed(
        "mapping:map_payload",
        "Show what a raw payload says, as canonical events in JSON lines, which `simulate` takes.",
    ),
    "simulate": Listed(
        "simulate:simulate",
        "Play canonical events: each change as a JSON line, then the final snapshots.",
    ),
    "trace": Listed(
        "trace:trace",
        "Tell what became of an input, or show an order and the inputs that told of it.",
    ),
    "act": Listed(
        "act:app",
        "Decide something by hand: whose parcel it is, what becomes of a task, what the carrier does not say.",
    ),
    "reopen": Listed(
        "reopen:reopen",
        "Read an order and every document that names it afresh, so that a closed delivery is one again.",
    ),
    "release": Listed(
        "release:release",
        "Let the tasks go that a policy revision brought all at once, and every earlier one.",
    ),
    "reconcile": Listed(
        "reconcile:reconcile",
        "Compare all that should be at a target with what it really has, and tell where they disagree.",
    ),
    "ledger": Listed(
        "ledger:app",
        "What each target has, what waits, and what fails.",
    ),
    "dead-letters": Listed(
        "dead_letters:app",
        "What could not be taken, why, and trying it again.",
    ),
    "report": Listed(
        "report:app",
        "How well deliveries and carriers went.",
    ),
    "connectors": Listed(
        "connectors:app",
        "The systems that can be connected.",
    ),
    "receive": Listed(
        "receive:receive",
        "Receive tasks as a small ticket system would, show them on a page, and let people close them.",
    ),
    "demo": Listed(
        "demo:demo",
        "Start everything and play one working day of a machine-parts maker; then stay up until Ctrl-C.",
    ),
}
