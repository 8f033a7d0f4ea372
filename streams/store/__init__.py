"""What dispatch keeps in SQL: SQLite on a single machine, PostgreSQL in production.

    database.py     the engine, and transactions
    columns.py      column types that both databases read alike
    tables.py       the tables
    migrations/     how they came to be; migrate.py brings a database to the newest
    wanted.py       the newest wanted state of each snapshot
    consumed.py     how far each partition was read
    ledger.py       what is at the targets, and the outbox of what follows from it
    outbox.py       records on their way to Kafka
    targets.py      what is known of a target as a whole
    dead_letters.py the dead letters' projection

Kafka is the truth about events. SQL is the truth about what was sent to a target, and may hold nothing else that
could not be read again.
"""
