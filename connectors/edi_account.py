"""What accounts of EDI sources say beside a secret: a zone, which reference is our order, whether tests are taken."""

from contracts.errors import Rejected
from contracts.settings import SourceAccount
from mappings.edi import ORDER, TAKEN, TESTS

_QUALIFIERS = {2, 3}
"""How many characters a reference's qualifier has (X12 element 128, EDIFACT element 1153)."""


def check_edi_account(account: SourceAccount) -> None:
    """Refuse an account whose options are wrong or that names no zone; raises Rejected, naming the one at fault."""
    for name, value in account.options.items():
        if name == ORDER:
            is_right, expected = (
                len(value) in _QUALIFIERS and value.isalnum(),
                "a reference's qualifier, such as PO or ON",
            )
        elif name == TESTS:
            is_right, expected = value == TAKEN, f"`{TAKEN}`"
        else:
            known = f"{account.connector} has `{ORDER}` and `{TESTS}`"
            raise Rejected(f"the option `{name}` is unknown: {known}", code="bad_option")
        if not is_right:
            raise Rejected(f"`{name}`: found {value!r}; expected {expected}", code="bad_option")
    if account.zone is None:
        raise Rejected(f"source {account.name!r} names no `zone`, and its local times have none", code="no_zone")
