"""How well the verdict, which doesn't know the modes, agrees with the modes that are covered."""
