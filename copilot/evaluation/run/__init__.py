"""Cases through a reader: answers, recordings, and the folder of a run."""
