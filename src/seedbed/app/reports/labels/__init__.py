"""Labels that are likely to be wrong: found, reviewed, changed."""
