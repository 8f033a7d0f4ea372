"""Which statuses mean something, as an account's options list them (`closed_statuses: "4, 5"`)."""


def is_listed(status: str, option: str) -> bool:
    """Whether an option names this status, between commas; blanks around a name, and empty names, do not count."""
    return status in {name.strip() for name in option.split(",")} - {""}
