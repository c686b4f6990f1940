"""Proof: what a dataset is like, with figures one can send to a sceptic."""
