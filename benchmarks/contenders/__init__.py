"""What is measured: each contender is a process that reads a source, counts, and writes state and output for ever."""
