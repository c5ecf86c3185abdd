"""What speed is claimed, and against what: `make bench`."""
