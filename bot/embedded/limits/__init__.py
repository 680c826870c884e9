"""What Discord takes: limits of messages, components, forms and commands. Pure functions."""
