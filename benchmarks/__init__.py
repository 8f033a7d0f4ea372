"""Benchmarks: ratios against peers in one run, outputs checked equal first. `make bench` prints the tables.

    python -m benchmarks [PART ...] [--events N] [--keys N] [--repeats N] [--peer NAME ...]

Runs are interleaved (each contender once, then each again), medians are reported with the spread, and nothing here is
a test of time: machines are shared and noisy, ratios of one run are what counts.
"""
