"""Data tools: files and datasets converted, split, mixed, and taken as the pattern of a recipe."""
