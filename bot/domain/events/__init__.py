"""Events: what is logged, with which details, and what of it may leave."""
