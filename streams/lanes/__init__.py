"""What is kept of a lane: its history in windows, each a sketch, and what it answers."""
