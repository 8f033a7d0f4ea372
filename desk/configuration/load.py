"""From file and environment to settings: everything that is wrong is found in one reading."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from connectors.registry import TRACKERS
from contracts.errors import Rejected
from contracts.policy import TrackerRule
from contracts.settings import Settings, TrackerAccount
from desk.configuration.environment import CONFIG, PREFIX, STEP, broker_of, mistaken_variables
from desk.configuration.explain import explain
from desk.configuration.file import DEFAULT_FILE, ConfigurationFile, read_file
from desk.configuration.meaning import mistakes_in_meaning, unreadable_secrets
from desk.configuration.mistakes import Mistake


@dataclass(frozen=True)
class Reading:
    """What a reading of the configuration gave: the settings unless something is wrong, and all that is."""

    settings: Settings | None
    mistakes: tuple[Mistake, ...]

    @property
    def is_usable(self) -> bool:
        """Whether there is nothing worse than a warning."""
        return not any(not mistake.is_warning for mistake in self.mistakes)


def configured_file(given: Path | None, environ: Mapping[str, str] = os.environ) -> Path | None:
    """Give the file to read: the given one, that of QUAYSIDE_CONFIG, `quayside.yaml` where it is there, or none."""
    if given is not None:
        return given
    if environ.get(CONFIG):
        return Path(environ[CONFIG])
    return DEFAULT_FILE if DEFAULT_FILE.exists() else None


def read_settings(path: Path | None, *, with_secrets: bool = False) -> Reading:
    """Read the configuration; without a file, the environment and the defaults alone.

    with_secrets: whether all secrets must be readable here. A role reads only those that it needs.
    """
    file = read_file(path) if path is not None else ConfigurationFile(str(DEFAULT_FILE))
    mistakes = file.mistakes + mistaken_variables(os.environ)
    settings = None
    if not file.mistakes:
        try:
            settings = _with_known_accounts(_merged(file.values))
        except ValidationError as error:
            mistakes += explain(error, file, os.environ)
        except SettingsError as error:
            mistakes.append(_not_json(error))
    if settings is not None:
        mistakes += mistakes_in_meaning(settings, file, _today())
        mistakes += unreadable_secrets(settings, file) if with_secrets else []
    return Reading(settings, tuple(sorted(mistakes, key=lambda mistake: (mistake.line, mistake.place))))


def load(given: Path | None = None) -> Settings:
    """Give the settings; raises Rejected with every mistake, a line each, where there is one."""
    reading = read_settings(configured_file(given))
    if reading.settings is None or not reading.is_usable:
        wrong = [str(mistake) for mistake in reading.mistakes if not mistake.is_warning]
        raise Rejected("\n".join(wrong), code="bad_configuration")
    return reading.settings


def _today() -> date:
    return datetime.now(UTC).date()


def _merged(values: dict[str, object]) -> Settings:
    """Put the environment above the file's values, and validate what comes out."""

    class Configured(BaseSettings, Settings):
        model_config = SettingsConfigDict(
            env_prefix=PREFIX, env_nested_delimiter=STEP, env_ignore_empty=True, extra="forbid", frozen=True
        )

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,  # noqa: ARG003 the file is a source of its own
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 one file is enough
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 SecretFrom says where a secret is
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            broker = InitSettingsSource(settings_cls, broker_of(os.environ))
            return broker, env_settings, InitSettingsSource(settings_cls, values)

    return Settings.model_validate(dict(Configured()))


def _not_json(error: SettingsError) -> Mistake:
    section = re.search(r'field "(\w+)"', str(error))
    variable = f"QUAYSIDE_{section[1].upper()}" if section else "the environment"
    return Mistake(variable, "holds a whole section or list, and is not JSON")


def _with_known_accounts(settings: Settings) -> Settings:
    """Tell the policy which accounts are read, on whose silence findings rest, and who registers which parcels."""
    polled = tuple(sorted({one.name for one in settings.pollers} | {one.name for one in settings.folders}))
    rules = tuple(rule_of(account) for account in settings.trackers)
    return settings.model_copy(
        update={"policy": settings.policy.model_copy(update={"pollers": polled, "trackers": rules})}
    )


def rule_of(account: TrackerAccount) -> TrackerRule:
    """Say what deliveries must know of a tracker. An unknown connector is one of the mistakes that are found later."""
    rule = TrackerRule(name=account.name, carriers=tuple(account.carriers), asks=account.asks)
    known = TRACKERS.get(account.connector)
    if known is None:
        return rule
    return rule.model_copy(update={"renew_after": known.renew_after, "again_after": known.again_after})
