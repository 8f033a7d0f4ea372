"""The house stands by itself: no other installed distribution owns the names of our packages."""

from importlib.metadata import packages_distributions

import pytest

OUR_PACKAGES = ["contracts", "mappings", "connectors", "streams", "desk"]


@pytest.mark.parametrize("package", OUR_PACKAGES)
def test_no_other_distribution_owns_our_package(package: str) -> None:
    owners = set(packages_distributions().get(package, [])) - {"quayside"}
    assert owners == set(), f"{owners} installs a top-level package {package!r} and would hide ours"
