"""How generated tests run: the same examples every time, and no failure because a machine was busy.

`pytest --hypothesis-profile=search` looks for new examples instead, and for more of them.
"""

from hypothesis import settings

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1_000)
settings.load_profile("same")
