"""Keeps everything: runs, calls, records, connections."""
