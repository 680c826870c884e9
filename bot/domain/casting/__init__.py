"""Casting: who plays what with whom. `docs/casting.md` describes the design; the module `deal` is the entry."""
