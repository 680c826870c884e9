"""Casting: who plays what with whom. `docs/casting.md` tells the design, `deal` is where it begins."""
