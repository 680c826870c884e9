"""The home folder: where everything lies in it, that it is private, who holds it, what is cleared away at a start."""
