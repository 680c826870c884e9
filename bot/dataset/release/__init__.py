"""What a dataset is as a whole: its folder, its card, and what must not be in it."""
