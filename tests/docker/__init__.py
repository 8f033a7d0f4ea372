"""The files from which containers are made."""

from pathlib import Path

DOCKER = Path(__file__).parents[2] / "docker"
