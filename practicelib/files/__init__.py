"""Whatever touches a disk, once: atomic writes, encodings, hashes, safe tables, shipped data."""
