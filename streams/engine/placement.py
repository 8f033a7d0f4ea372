"""Where a key belongs: murmur2, as Kafka's Java client and librdkafka's `murmur2_random` place it.

Topics stay co-partitioned with whatever other producers write. Source: Apache Kafka,
`org.apache.kafka.common.utils.Utils.murmur2` and `BuiltInPartitioner.partitionForKey`.
"""

import struct
from functools import lru_cache

_MULTIPLIER = 0x5BD1E995
_SEED = 0x9747B28C
_MASK = 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """Hash to 32 bits, unsigned."""
    whole = len(data) // 4
    hashed = _SEED ^ len(data)
    for word in struct.unpack_from(f"<{whole}I", data):
        mixed = (word * _MULTIPLIER) & _MASK
        mixed ^= mixed >> 24
        hashed = ((hashed * _MULTIPLIER) & _MASK) ^ ((mixed * _MULTIPLIER) & _MASK)
    if rest := data[whole * 4 :]:
        hashed ^= int.from_bytes(rest, "little")
        hashed = (hashed * _MULTIPLIER) & _MASK
    hashed ^= hashed >> 13
    hashed = (hashed * _MULTIPLIER) & _MASK
    return hashed ^ (hashed >> 15)


@lru_cache(maxsize=1 << 17)
def partition_of(key: bytes, partitions: int) -> int:
    """Give the partition of `key` in a topic of `partitions`."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions
