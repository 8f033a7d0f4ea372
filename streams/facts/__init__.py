"""Facts: what has been told, joined so that arrival order and repetition leave no trace."""
