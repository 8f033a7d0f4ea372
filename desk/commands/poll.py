"""`quayside poll`: what we read ourselves."""

from desk.commands.options import Config


def poll(config: Config = None) -> None:
    """Read the systems that do not push; several of them share the accounts, one for each account at a time."""
    from connectors.polling.role import run_poll
    from desk.configuration import load
    from desk.roles import run_role

    run_role(run_poll, load(config))
