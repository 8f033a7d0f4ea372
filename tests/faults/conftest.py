"""What the crash tests measured is shown at the end of the run, also when all went well (`tests.telling`)."""

from collections.abc import Callable

import pytest

from tests.telling import TOLD

Tell = Callable[[str], None]


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Say something of this test at the end of the run: a seed, losses, repeats."""
    return lambda what: request.node.user_properties.append((TOLD, f"{request.node.name}: {what}"))
