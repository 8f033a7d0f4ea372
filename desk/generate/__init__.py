"""Everything that is generated from the code: schemas, the AsyncAPI document, the reference pages.

    python -m desk.generate              write them
    python -m desk.generate --check      list what is stale, and what would break a reader of the released schemas
    python -m desk.generate --release    make the present schemas the released ones

All of it is committed, so that a change of a contract shows in its review.
"""
