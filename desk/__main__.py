"""`python -m desk`: the same as `quayside`, for a process that starts itself again in another role."""

from desk.cli import main

main()
