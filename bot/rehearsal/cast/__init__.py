"""The scripted cast of a rehearsal: people who press buttons, speak and rate."""
