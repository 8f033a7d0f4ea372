"""A delivery: its facts, and the fold that makes a view, findings and wishes of them."""
