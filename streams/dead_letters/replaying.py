"""Trying a dead letter again: its record goes to its topic again, as it was; a refused task goes back to dispatch."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from aiokafka import AIOKafkaProducer, ConsumerRecord
from aiokafka.errors import KafkaError

from contracts.errors import Fatal, Rejected
from contracts.identity import parts
from contracts.settings import KafkaSettings
from streams.dead_letters.letter import LetterId, own_headers, read_letter
from streams.dead_letters.topic import DeadLetterTopic
from streams.dispatch.entry import State
from streams.dispatch.intake import LaneKey
from streams.dispatch.letters import REFUSAL_TYPE
from streams.store.database import Database
from streams.store.dead_letters import DeadLetterStore
from streams.store.ledger import LedgerStore
from streams.store.wanted import WantedStore


@dataclass(frozen=True, slots=True)
class Replayer:
    """Replays dead letters."""

    kafka: KafkaSettings
    topic: DeadLetterTopic
    producer: AIOKafkaProducer
    database: Database
    store: DeadLetterStore

    async def replay(self, letter_id: LetterId, now: datetime) -> str:
        """Replay one letter and say in a few words what was done.

        Raises Rejected where there is no such letter, its record never stood in its topic or that is none of ours, or
        the refused task is no longer given up.
        """
        record = await self.topic.record(letter_id)
        if dict(record.headers).get("ce_type") == REFUSAL_TYPE.encode():
            done = await self._to_dispatch(record, now)
        else:
            done = await self._to_topic(record)
        await self.store.mark_replayed(letter_id, now)
        return done

    async def _to_topic(self, record: ConsumerRecord) -> str:
        letter = read_letter(record)
        if not letter.topic.startswith(f"{self.kafka.prefix}."):
            raise Rejected(f"{letter.id} stood in {letter.topic or 'no topic'}: none of ours", code="foreign_topic")
        if letter.offset is None:
            raise Rejected(f"{letter.id} never stood in {letter.topic}: {letter.reason}", code="never_stood")
        # A record without a key goes where it stood; all others where their key places them, as at first.
        partition = letter.partition if record.key is None else None
        try:
            sent = await self.producer.send_and_wait(
                letter.topic,
                record.value,
                key=record.key,
                partition=partition,
                headers=own_headers(list(record.headers)),
            )
        except KafkaError as error:
            raise Fatal(f"{letter.id} was not replayed: {type(error).__name__}", code="send_failed") from error
        return f"sent to {sent.topic}/{sent.partition}/{sent.offset}"

    async def _to_dispatch(self, record: ConsumerRecord, now: datetime) -> str:
        refused = json.loads(record.value)
        account, scope, subject = parts(record.key)
        lane = LaneKey(account, scope, subject)  # type: ignore[arg-type] # it was a scope when it was written
        ledger = LedgerStore(self.database, refused["target"])
        names = (refused["task"], refused["episode"], refused["shadow"])
        dead = [entry for entry in await ledger.entries(lane) if entry.state is State.DEAD]
        entries = [entry for entry in dead if (entry.task, entry.episode, entry.shadow) == names]
        if not entries:
            raise Rejected(f"{refused['task']} is no longer given up at {refused['target']}", code="not_dead")
        await ledger.save([replace(entry, attempt="") for entry in entries])
        await WantedStore(self.database, refused["target"]).wake([lane], now)
        return f"given back to dispatch for {refused['target']}"
