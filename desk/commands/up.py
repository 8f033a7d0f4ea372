"""`quayside up`: everything, on one machine."""

import signal

from desk.commands.options import Config


def up(config: Config = None) -> None:
    """Run all roles, each a process that is started again when it crashes; and Kafka, where no broker is configured.

    Ctrl-C or SIGTERM drains them in order: what came in is finished before the process ends.
    """
    from desk.configuration import configured_file, load
    from desk.supervision.running import run_all

    # Set, since a shell may have started us with SIGINT ignored; while Kafka starts, both unwind.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    run_all(load(config), configured_file(config))
