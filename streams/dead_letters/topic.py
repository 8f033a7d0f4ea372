"""Reads the topic of dead letters, and brings its projection in SQL up to the topic's end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from connectors.kafka import client_settings, refuse_missing, show_topics
from contracts.errors import Fatal, Rejected
from contracts.settings import KafkaSettings
from contracts.topics import DEAD_LETTERS
from streams.dead_letters.letter import LetterId, read_letter
from streams.store.dead_letters import DeadLetterStore

_WAIT_MILLISECONDS = 500


@asynccontextmanager
async def open_topic(kafka: KafkaSettings) -> AsyncIterator["DeadLetterTopic"]:
    """Open the topic for reading; raises Fatal where the broker fails, or does not have it."""
    (state,) = await show_topics(kafka, (DEAD_LETTERS,))
    refuse_missing([state.name] if state.missing else [])
    consumer = AIOKafkaConsumer(
        **client_settings(kafka, "dead-letters"), enable_auto_commit=False, auto_offset_reset="earliest"
    )
    try:
        await consumer.start()
        yield DeadLetterTopic(consumer, [TopicPartition(state.name, number) for number in range(state.partitions)])
    except KafkaError as error:
        raise Fatal(f"the dead letters cannot be read: {type(error).__name__}", code="broker") from error
    finally:
        await consumer.stop()


class DeadLetterTopic:
    """The topic, open for reading."""

    def __init__(self, consumer: AIOKafkaConsumer, partitions: list[TopicPartition]) -> None:
        """Take a started consumer and the topic's partitions."""
        self._consumer = consumer
        self._partitions = partitions

    async def project(self, store: DeadLetterStore) -> int:
        """Bring the projection up to the topic's present end; tell how many letters it has read."""
        self._consumer.assign(self._partitions)
        begins = await self._consumer.beginning_offsets(self._partitions)
        ends = await self._consumer.end_offsets(self._partitions)
        for partition in self._partitions:
            await store.forget_before(partition.partition, begins[partition])
            known = await store.consumed(partition.topic, partition.partition)
            self._consumer.seek(partition, max(known, begins[partition]))
        count = 0
        while [one for one in self._partitions if await self._consumer.position(one) < ends[one]]:
            batches = await self._consumer.getmany(timeout_ms=_WAIT_MILLISECONDS)
            for partition, records in batches.items():
                letters = [read_letter(record) for record in records]
                await store.add(letters, partition.topic, {partition.partition: records[-1].offset + 1})
                count += len(letters)
        return count

    async def record(self, letter_id: LetterId) -> ConsumerRecord:
        """Read one letter's whole record; raises Rejected where the topic does not hold it."""
        partition = TopicPartition(self._partitions[0].topic, letter_id.partition)
        if partition in self._partitions:
            self._consumer.assign([partition])
            begin = (await self._consumer.beginning_offsets([partition]))[partition]
            end = (await self._consumer.end_offsets([partition]))[partition]
            if begin <= letter_id.offset < end:
                self._consumer.seek(partition, letter_id.offset)
                record = await self._consumer.getone(partition)
                if record.offset == letter_id.offset:
                    return record
        raise Rejected(f"there is no dead letter {letter_id}", code="no_such_letter")
