"""The versions of the tables, in order; `streams.store.migrate` runs them."""
