"""Scenes: dealt, carded, vetoed by lines, and stopped by an X-card."""
