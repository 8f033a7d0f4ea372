"""`quayside check`: everything that is wrong with a configuration, line by line."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from contracts.errors import Rejected

if TYPE_CHECKING:
    from contracts.settings import Settings


def check(
    file: Annotated[
        Path | None,
        typer.Argument(envvar="QUAYSIDE_CONFIG", help="The configuration; `quayside.yaml` if left out."),
    ] = None,
    effective: Annotated[
        bool, typer.Option("--print", help="Show the configuration as it takes effect, without secrets.")
    ] = False,
    impact: Annotated[
        bool, typer.Option("--impact", help="Show what the policy in --policy would open, close and change now.")
    ] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Ask each running system what is missing there; nothing is written.")
    ] = False,
    policy: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The policy to try: in YAML, or a configuration that has one."),
    ] = None,
) -> None:
    """Explain every mistake in the configuration: its line, what was found, what is allowed.

    Exit code 2 where there is one; warnings alone pass. Secrets are looked for where this command runs.

    With --impact, all that is open is judged as of now by the configuration's policy and by that in --policy,
    and the findings and tasks that differ are counted and shown. Nothing is written, and nobody is called.

    With --live, every poller, target and tracker is asked over its own API: whether it is there and takes the key,
    whether queue, project and all fields of the field mapping exist, whether the rights suffice, as far as that can be
    told without writing. What is missing is told, a sentence each, with exit code 1.
    """
    from desk.configuration import configured_file, read_settings, show

    path = configured_file(file)
    if policy is not None and not impact:
        raise Rejected("--policy names the policy that --impact tries: give both", code="no_impact")
    reading = read_settings(path, with_secrets=not impact)
    for mistake in reading.mistakes:
        typer.echo(str(mistake), err=True)
    if reading.settings is not None and effective:
        typer.echo(show(reading.settings), nl=False)
    if not reading.is_usable:
        raise typer.Exit(2)
    if impact and reading.settings is not None:
        _impact(reading.settings, policy)
    elif live and reading.settings is not None:
        _live(reading.settings)
    elif not effective:
        typer.echo(f"{path or 'the defaults'}: nothing is wrong")


def _live(settings: "Settings") -> None:
    from desk.probing import probe_all

    probed = asyncio.run(probe_all(settings))
    for line in (line for one in probed for line in one.lines()):
        typer.echo(line)
    if not probed:
        typer.echo("no poller, target or tracker is configured: there is nobody to ask")
    if any(one.problems for one in probed):
        raise typer.Exit(1)


def _impact(settings: "Settings", file: Path | None) -> None:
    from desk.configuration.policy_file import read_policy
    from desk.impact import told
    from streams.impact.comparing import Policies
    from streams.impact.stored import read_impact

    if file is None:
        raise Rejected("--impact compares with the policy of a file: name it in --policy", code="no_policy")
    policies = Policies(settings.policy, read_policy(file, settings))
    for line in told(asyncio.run(read_impact(settings.kafka, policies)), policies):
        typer.echo(line)
