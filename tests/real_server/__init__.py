"""A real server, llama.cpp, with a model that a script writes: what a server of this kind really does."""
