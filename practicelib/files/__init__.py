"""Whatever touches a disk, once: atomic writes, hashes, safe tables, the shipped data."""
