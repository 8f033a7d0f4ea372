"""The way of a record: the engine, its stages, detection and dispatch."""
