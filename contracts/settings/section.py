"""What every section of the configuration is made of."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.errors import Rejected

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""A name in a path, a metric and a key: lower case letters, digits and hyphens."""


class Section(BaseModel):
    """A section of the file. Unknown names are mistakes, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SecretFrom(Section):
    """Where a secret stands: an environment variable or a file, never the configuration itself."""

    env: str | None = None
    file: Path | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "SecretFrom":
        if (self.env is None) == (self.file is None):
            raise ValueError("a secret comes either from `env` or from `file`")
        return self

    def read(self) -> str:
        """Read the secret; raises Rejected, naming the place, where nothing is there."""
        if self.env is not None:
            found = os.environ.get(self.env)
            if not found:
                raise Rejected(f"the environment variable {self.env} is not set", code="secret_missing")
            return found
        try:
            found = Path(str(self.file)).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Rejected(
                f"the secret file {self.file} cannot be read: {error.strerror}", code="secret_missing"
            ) from error
        if not found:
            raise Rejected(f"the secret file {self.file} is empty", code="secret_missing")
        return found
