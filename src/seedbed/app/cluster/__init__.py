"""Runs whose attempts are worked on by a cluster."""
