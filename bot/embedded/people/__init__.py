"""The people's side: what Discord's clients show a person, and what a person can do with them."""
