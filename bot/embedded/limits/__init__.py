"""What Discord accepts: limits of messages, components, forms and commands. Pure functions."""
