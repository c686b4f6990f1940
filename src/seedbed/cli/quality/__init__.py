"""What a dataset is like: reports, labels that are likely to be wrong, samples that people judge."""
