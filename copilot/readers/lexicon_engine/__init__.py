"""The embedded reader's machinery: it knows no words; every word stands in `readers/lexicon/*.toml`."""
