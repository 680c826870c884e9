"""A take while it is live."""
