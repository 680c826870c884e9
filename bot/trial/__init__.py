"""What only the real Discord can answer: a trial of ten minutes in one voice channel (`promptbook doctor --live`)."""
