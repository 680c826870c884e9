"""Pay: statements, rates, corrections and proceeds."""
