"""`quayside ingress`: what is pushed to us."""

from desk.commands.options import Config


def ingress(config: Config = None) -> None:
    """Take what senders push, at /in/CONNECTOR/ACCOUNT; several of them may share the work."""
    from connectors.ingress.role import run_ingress
    from desk.configuration import load
    from desk.roles import run_role

    run_role(run_ingress, load(config))
