"""What every run over many tickets shares, a batch as an evaluation: one loop, one kind of journal, one patience.

`for_each` works at several tickets at a time, `Journal` keeps what is done through a kill, `Patience` tells when to stop.
"""
