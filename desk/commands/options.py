"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None,
    typer.Option(envvar="QUAYSIDE_CONFIG", help="The configuration; `quayside.yaml` if left out."),
]
