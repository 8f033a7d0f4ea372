"""Arguments and options that several actions have."""

from typing import Annotated

import typer

By = Annotated[str, typer.Option(envvar="QUAYSIDE_OPERATOR", help="Who decides.")]
Why = Annotated[str, typer.Option(help="Why: whoever looks at the order reads it.")]
Account = Annotated[str | None, typer.Option(help="The ERP account, where several have this number.")]
Order = Annotated[str, typer.Argument(metavar="ORDER", help="The order's number.")]
Place = Annotated[str, typer.Argument(metavar="ORDER", help="An order's number; or a case's, or an orphaned parcel's.")]
Kind = Annotated[str, typer.Argument(metavar="KIND", help="The kind of the task, as `quayside trace ORDER` shows it.")]
About = Annotated[str | None, typer.Option(help="Which one, where several of this kind are found: a parcel, a line.")]
Parcel = Annotated[str, typer.Argument(metavar="PARCEL", help="The tracking number, as anybody writes it.")]
