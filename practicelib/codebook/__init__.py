"""The codebook and its pattern language: reading, grammar, matching."""
