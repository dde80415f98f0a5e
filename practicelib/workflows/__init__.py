"""The only place where labels, model and practices meet."""
