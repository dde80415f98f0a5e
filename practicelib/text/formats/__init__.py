"""File formats, one module each: bytes of a file in, text with its place of origin out."""
