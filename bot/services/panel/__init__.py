"""What control panels show: read when something has changed, and pushed to the stage."""
