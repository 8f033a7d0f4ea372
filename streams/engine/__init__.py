"""The engine: runs pure stages on Kafka. Only this package touches Faust's internals.

core.py        one owned partition of one stage: records in, writes out; pure
replay.py      the same core for all stages in one process, no broker: `simulate` and property tests
worker.py      the Faust application: `run_worker`
"""
