"""Trackers: sources that push only what was registered with them, as dispatch keeps their registrations right."""
