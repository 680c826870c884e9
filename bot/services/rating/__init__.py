"""Ratings, and the clips that raters hear."""
