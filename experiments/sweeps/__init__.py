"""Tables of runs on disk, and how the runs that they lack are spread over processes."""
