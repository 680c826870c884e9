"""Which clip a rater gets next: places that are held, the order, hidden checks, breaks, and what can be reached."""
