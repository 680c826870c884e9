"""The people's side: what Discord's clients show a person, and what they let a person do."""
