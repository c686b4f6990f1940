"""A Seedbed server from elsewhere: what the library and the command line do, done there."""
