"""What stands where in a text."""
