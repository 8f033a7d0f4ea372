"""Between wanted registrations and trackers' own terms."""
