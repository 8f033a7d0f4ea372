"""Vendors' clouds as far as we use them: they keep state and fail as their pages say."""
