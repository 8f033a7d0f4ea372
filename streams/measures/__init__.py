"""Measures: how well deliveries and their after-sales went, each defined once, over what snapshots say."""
