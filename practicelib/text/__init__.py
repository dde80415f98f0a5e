"""From a file to sentences and words: formats, splitting, structure, segmentation."""
