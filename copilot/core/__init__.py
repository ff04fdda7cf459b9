"""What every part shares: tickets and their sentences, facts and their vocabulary, and the checks both must pass."""
