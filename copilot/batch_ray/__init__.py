"""A batch on Ray: folders of tickets in, a file of suggestions for each partition out, read by many actors on many machines.

Every partition is a batch of its own, with its own journal, and goes through the same code as a batch on one machine. Ray gives
out partitions and gives those of a dead worker out again. Only this package imports Ray and PyArrow (extra `ray`).
"""
