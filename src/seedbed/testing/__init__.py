"""Second implementations for tests, docs and benchmarks; public and documented."""
