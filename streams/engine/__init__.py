"""The engine: runs pure stages on Kafka. Only this package touches Faust's internals.

Pure, for one owned partition of one stage:
    stage.py        what a stage is: a step and a declaration
    core.py         records in, writes out
    folding.py      how a key is folded, and what happens when its step fails
    working.py      a key while it is worked on; keyrecord.py how it is stored
    segment.py      what was decided and not yet handed out; writes.py what is handed out; outgoing.py its envelopes
    timekeeping.py  the stage's time; deadlines.py what falls due in it
    placement.py    where a key belongs
    replay.py       all stages in one process, no broker: `simulate` and property tests

On Kafka:
    worker.py       `run_worker`: the way in
    app.py          the Faust application; consumer.py its consumer; fetching.py that one's thread
    ownership.py    the partitions of this process; partition.py the loop of each
    recovery.py     reading changelogs; sending.py writing batches
"""
