"""A smaller model taught by a dataset: the folder it is trained in, and the training."""
