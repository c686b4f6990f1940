"""What a text is written in, what stands where in it, and what its phrases are."""
