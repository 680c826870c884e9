"""Simulated evenings of raters: what the queue, the statistics and the voice test find of what is known."""
