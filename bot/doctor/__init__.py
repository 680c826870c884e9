"""The checks of `promptbook doctor`: what a session needs, and what to do about what is missing."""
