"""From a file to sentences and words: decoding, splitting, structure, segmentation."""
