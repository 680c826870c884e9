"""Sessions that are scheduled: when they begin, who comes, and how people are reminded."""
