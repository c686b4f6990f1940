"""Tests of transforms, and what they share."""
