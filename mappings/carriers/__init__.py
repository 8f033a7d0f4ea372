"""Carriers and tracking aggregators: a pure `to_events` each, with its code table as data."""
