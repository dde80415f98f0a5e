"""The fitted model as machine code: the same answers as the pure path, much faster."""
