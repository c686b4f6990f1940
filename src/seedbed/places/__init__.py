"""Where files are: on this machine, or in object storage, named by an address such as `s3://bucket/name.csv`."""
