"""`quayside act`: what an operator decides, as a fact with who and why, and how to undo it."""

import typer

from desk.commands.act import agreeing, confirming, notes, parcels, tasks

app = typer.Typer(
    no_args_is_help=True,
    help="Decide something by hand: whose parcel it is, what becomes of a task, what the carrier does not say. "
    "Each action is kept with who and why, shows in the order's timeline, and can be undone.",
)

app.command()(parcels.link)
app.command()(parcels.unlink)
app.command()(confirming.confirm)
app.command()(agreeing.agree)
app.command()(tasks.snooze)
app.command()(tasks.close)
app.command()(tasks.reopen)
app.command()(notes.note)
app.command()(notes.undo)
