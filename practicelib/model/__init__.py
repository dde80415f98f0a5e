"""From labelled sentences to a saved model, and from a saved model to tags with evidence."""
