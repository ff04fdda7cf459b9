"""The embedded reader: a small trained model that marks sentences, and plain code that makes facts of the marks."""
