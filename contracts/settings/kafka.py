"""The broker, as it is configured."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from contracts.settings.section import SecretFrom, Section

_NODE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:,/\[\]]+):[0-9]{1,5}")


class KafkaSettings(Section):
    """The broker and our topics on it. Without `bootstrap` a single-node broker is started by `up`.

    bootstrap: `HOST:PORT` of some of its nodes, separated by commas. prefix: of the topics' names. partitions: of all
    topics on a record's way; fixed once created. replication: how many nodes hold each record.
    security_protocol: how clients reach it. sasl_mechanism: how they say who they are. sasl_username: as whom.
    sasl_password: with what. ssl_cafile: whom clients trust, else the system's. ssl_certfile: a client's own
    certificate. ssl_keyfile: its key. session_timeout_seconds: after how long others take a silent worker's partitions.
    epoch: raise it by one whenever the topics were deleted and made anew, so that what was written before is older.
    """

    bootstrap: str | None = None
    prefix: str = Field(default="quayside", pattern=r"^[a-zA-Z0-9._-]{1,100}$")
    partitions: int = Field(default=4, ge=1, le=1024)
    replication: int = Field(default=1, ge=1, le=9)
    epoch: int = Field(default=1, ge=1, le=65535)
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    sasl_username: str | None = None
    sasl_password: SecretFrom | None = None
    ssl_cafile: Path | None = None
    ssl_certfile: Path | None = None
    ssl_keyfile: Path | None = None
    session_timeout_seconds: float = Field(default=30.0, gt=0)

    @field_validator("bootstrap")
    @classmethod
    def _nodes_have_ports(cls, bootstrap: str | None) -> str | None:
        if bootstrap is not None and not all(_NODE.fullmatch(node.strip()) for node in bootstrap.split(",")):
            raise ValueError("expected HOST:PORT, several of them separated by commas")
        return bootstrap

    @model_validator(mode="after")
    def _sasl_is_whole(self) -> "KafkaSettings":
        if self.security_protocol.startswith("SASL") and not (
            self.sasl_mechanism and self.sasl_username and self.sasl_password
        ):
            raise ValueError("SASL needs sasl_mechanism, sasl_username and sasl_password")
        return self

    def topic(self, name: str) -> str:
        """Give the name that a declared topic has on the broker."""
        return f"{self.prefix}.{name}"
