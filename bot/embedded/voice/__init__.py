"""The voice server: its door, its gateway, its UDP side, and what it does wrong on purpose."""
