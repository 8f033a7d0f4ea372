"""Customers' addresses: a CSV file with the columns `customer` (the number in the ERP) and `address`.

A customer may have several lines. The file is read again when it changes, so that nobody has to restart anything. It
stands outside of the configuration and of the ledger: what is written there names the customer, and not the address.
"""

import csv
from collections.abc import Mapping, Sequence
from email.headerregistry import Address
from pathlib import Path

from contracts.errors import Rejected, Retryable
from mappings.tickets.smtp_options import addresses

COLUMNS = {"customer", "address"}


class AddressBook:
    """One file of addresses."""

    def __init__(self, path: Path) -> None:
        """Take the file, which is read when it is needed first."""
        self._path = path
        self._stamp = (0, 0)
        self._known: Mapping[str, Sequence[Address]] = {}

    def of_customer(self, customer: str) -> Sequence[Address]:
        """Give a customer's addresses.

        Raises:
            Rejected: `no_address`, where the customer has none.
            Retryable: `bad_address_book`, where the file cannot be read: somebody mends it.
        """
        self.read()
        if customer not in self._known:
            raise Rejected(f"customer {customer} has no address in {self._path}", code="no_address")
        return self._known[customer]

    def read(self) -> None:
        """Read the file, where it changed; raises as `of_customer`."""
        try:
            told = self._path.stat()
            if (told.st_mtime_ns, told.st_size) != self._stamp:
                self._known = _read(self._path)
                self._stamp = (told.st_mtime_ns, told.st_size)
        except OSError as error:
            raise _unreadable(self._path, error.strerror or str(error)) from error


def _read(path: Path) -> Mapping[str, Sequence[Address]]:
    found: dict[str, tuple[Address, ...]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        try:
            if not set(rows.fieldnames or ()) >= COLUMNS:
                raise _unreadable(path, "its first line does not name the columns `customer` and `address`")
            for row in rows:
                customer = (row["customer"] or "").strip()
                found[customer] = found.get(customer, ()) + addresses((row["address"] or "").strip())
        except (ValueError, csv.Error) as error:
            # The sentence of a wrong address would show it, and what is told here goes to the log.
            what = "it is not UTF-8" if isinstance(error, UnicodeError) else f"line {rows.line_num} has no address"
            raise _unreadable(path, what) from error
    return found


def _unreadable(path: Path, why: str) -> Retryable:
    return Retryable(f"the customers' addresses in {path} cannot be read: {why}", code="bad_address_book")
