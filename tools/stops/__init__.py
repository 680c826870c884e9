"""`make stops`: every stop amid every fault."""
