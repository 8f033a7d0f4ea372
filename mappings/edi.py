"""What mappings of EDI share: the options of an account, and interchanges that are only tests.

`order` names the qualifier of the reference that carries our order's number. `tests: taken` takes interchanges that say
of themselves that they are tests (X12 ISA15, EDIFACT 0035): of any other account they are refused, since they tell of
shipments that there are not.
"""

from contracts.connector import Context
from contracts.errors import Rejected

ORDER, TESTS = "order", "tests"
TAKEN = "taken"
"""What `tests` says, if anything."""


def refuse_test(context: Context, path: str) -> None:
    """Raise Rejected at a test interchange where the account takes none."""
    if context.options.get(TESTS) != TAKEN:
        reason = f"a test interchange; the account's option `{TESTS}` says `{TAKEN}` where it is to be read"
        raise Rejected(reason, code="test_interchange", path=path)
