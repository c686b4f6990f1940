"""May a record stay? One file for each family of checks."""
