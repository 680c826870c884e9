"""What the use cases need of Discord, and what they push to it."""
