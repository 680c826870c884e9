"""Raters of known bias, noise and carelessness, and what the statistics of `bot/statistics` find out about them."""
