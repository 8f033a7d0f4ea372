"""What an account's poller has sent, and how far it has read: its records on `marks`, and whether a reading is news.

["ACCOUNT","progress"]             {"mark": …, "reconciled_at": …}
["ACCOUNT","sent",KIND,REMOTE]     {"document": …, "digest": …, "version": …, "is_open": …}
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

import msgspec

from contracts.connector import Document, Reading
from contracts.errors import Rejected, Retryable
from contracts.hint import Named
from contracts.identity import key, parts

MARK_TYPE = "quayside.poll.mark.v1"
FORGET_AFTER = timedelta(days=90)


class Progress(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far an account was read. mark: the session's own. reconciled_at: when all open documents were read last."""

    mark: str = ""
    reconciled_at: datetime | None = None


class Sent(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was last sent of a document."""

    document: str
    digest: str
    version: datetime
    is_open: bool = True


class Memory:
    """All that is remembered of one account."""

    def __init__(self, account: str) -> None:
        """Remember nothing yet."""
        self.account = account
        self.progress = Progress()
        self._sent: dict[tuple[str, str], Sent] = {}

    def __len__(self) -> int:
        """Count the documents that are remembered."""
        return len(self._sent)

    def is_mine(self, record_key: bytes) -> bool:
        """Tell whether a record of `marks` belongs to this account."""
        return parts(record_key)[0] == self.account

    def load(self, record_key: bytes, value: bytes | None) -> None:
        """Take in one record of `marks`; raises Rejected at one that is none of ours."""
        try:
            match parts(record_key):
                case (self.account, "progress"):
                    self.progress = Progress() if value is None else msgspec.json.decode(value, type=Progress)
                case (self.account, "sent", kind, remote):
                    if value is None:
                        self._sent.pop((kind, remote), None)
                    else:
                        self._sent[kind, remote] = msgspec.json.decode(value, type=Sent)
                case _:
                    raise Rejected(f"no record of a poller: {record_key!r}", code="bad_mark")
        except msgspec.MsgspecError as error:
            raise Rejected(f"not what a poller remembers: {error}", code="bad_mark") from error

    def news(self, reading: Reading, began: datetime) -> bool:
        """Tell whether a reading is to be sent: its content is not what was last sent of its document, and is newer.

        began: when the poll did. Raises Retryable where what was sent is newer than that: then the clock went back, and
        what is sent now would lose against what was sent before.
        """
        sent = self._sent.get(_place(reading.document))
        if sent is None:
            return not reading.withdrawn
        if sent.digest == reading.digest:
            return False
        if reading.read_at > sent.version:
            return True
        if sent.version > began:
            raise Retryable(
                f"the clock went back: {reading.document.kind} {reading.document.document} was last read at"
                f" {sent.version.isoformat()}, and now it is {reading.read_at.isoformat()}",
                code="clock_went_back",
            )
        return False

    def former_name(self, document: Document) -> Document | None:
        """Give the document under the name by which it was sent, where that is not its name any more."""
        sent = self._sent.get(_place(document))
        return document._replace(document=sent.document) if sent and sent.document != document.document else None

    def documents(self, hinted: Collection[Named]) -> dict[Named, Document]:
        """Give the document of each hint that names one which is known, or one by its id, under the name it had."""
        ids = {(kind, sent.document): remote for (kind, remote), sent in self._sent.items()} if hinted else {}
        found: dict[Named, Document] = {}
        for named in hinted:
            if remote := named.remote or ids.get((named.kind, named.document), ""):
                sent = self._sent.get((named.kind, remote))
                found[named] = Document(named.kind, sent.document if sent else named.document, remote)
        return found

    def remember(self, reading: Reading) -> tuple[bytes, bytes | None]:
        """Note that a reading was sent; give the record that says so."""
        place = _place(reading.document)
        if reading.withdrawn:
            self._sent.pop(place, None)
            return self._key(place), None
        sent = Sent(reading.document.document, reading.digest, reading.read_at, reading.is_open)
        self._sent[place] = sent
        return self._key(place), msgspec.json.encode(sent)

    def proceed(self, progress: Progress) -> tuple[bytes, bytes]:
        """Note how far was read; give the record that says so."""
        self.progress = progress
        return key(self.account, "progress"), msgspec.json.encode(progress)

    def open_documents(self) -> list[Document]:
        """Give the documents that may change or vanish without our being told."""
        return [Document(kind, sent.document, remote) for (kind, remote), sent in self._sent.items() if sent.is_open]

    def forget(self, now: datetime) -> Iterator[tuple[bytes, None]]:
        """Forget what was closed long ago; give the records that say so."""
        old = [place for place, sent in self._sent.items() if not sent.is_open and now - sent.version > FORGET_AFTER]
        for place in old:
            del self._sent[place]
            yield self._key(place), None

    def _key(self, place: tuple[str, str]) -> bytes:
        return key(self.account, "sent", *place)


def _place(document: Document) -> tuple[str, str]:
    return document.kind, document.remote
