"""Another policy or reader on the same tickets: on those of the past (`backtest`), or beside the live service (`follow`).

Comes in: the store, and a contender. Goes out: what it would have decided, compared with what was suggested and with where people
sent the tickets. It never changes a suggestion.
"""
