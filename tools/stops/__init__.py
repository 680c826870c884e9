"""`make stops`: every stop during every fault."""
