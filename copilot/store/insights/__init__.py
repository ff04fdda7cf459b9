"""How suggestions were used, over time and by group: `rows` asks the database, `figures` counts, `shapes` is what goes out."""
