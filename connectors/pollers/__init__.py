"""The systems that we read."""
