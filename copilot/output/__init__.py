"""What goes out: the suggestion, its note, its cautions, and the words for each."""
