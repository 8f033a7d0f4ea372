"""The configuration: one YAML file, overridden by the environment, read into `contracts.settings.Settings`.

    quayside.yaml, or --config FILE, or QUAYSIDE_CONFIG   the file
    QUAYSIDE_BROKER                                        kafka.bootstrap
    QUAYSIDE_SECTION__NAME                                 any other setting: QUAYSIDE_KAFKA__PREFIX is kafka.prefix

Secrets stand in neither: a setting says in which variable or file one is. Each mistake is told with the file's line,
what was found and what is allowed (`Mistake`).
"""

from desk.configuration.file import DEFAULT_FILE
from desk.configuration.load import Reading, configured_file, load, read_settings
from desk.configuration.mistakes import Mistake
from desk.configuration.show import show

__all__ = ["DEFAULT_FILE", "Mistake", "Reading", "configured_file", "load", "read_settings", "show"]
