"""Many tickets through a provider's Batch API: asked together, answered within a day, at a lower price.

A job is a folder. `submit` writes the requests whose answers it does not hold and sends them, `collect` files what came
back, and `triage` of the same tickets then finds its answers there. What an answer still leaves open is a request of the
next round.
"""
