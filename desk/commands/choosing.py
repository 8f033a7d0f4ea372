"""The group of all commands: it lists them by what is said of them, and imports the one that is chosen."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from desk.commands import COMMANDS


class Commands(TyperGroup):
    """Every command by its sentence, until it is chosen."""

    def __init__(self, **told: Any) -> None:  # noqa: ANN401 what Typer tells a group of itself
        super().__init__(**told)
        self.commands = {name: TyperCommand(name, help=listed.sentence) for name, listed in COMMANDS.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 typer vendors click without its types
        """Give the command that is named, imported; raises a usage error where there is none."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, loaded(str(name)), rest


def loaded(name: str) -> Any:  # noqa: ANN401 typer vendors click without its types
    """Import a command, and what it needs; KeyError where none has this name."""
    module, _, attribute = COMMANDS[name].place.partition(":")
    found = getattr(import_module(f"desk.commands.{module}"), attribute)
    alone = typer.Typer(add_completion=False)
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name)
        return get_group(alone).commands[name]
    alone.command(name)(found)
    return get_command(alone)
