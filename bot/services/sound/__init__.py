"""The sound check of the warm-up."""
