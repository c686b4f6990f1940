"""Speed and memory, measured beside a bound on the same machine in the same run. Nothing here is a test."""
