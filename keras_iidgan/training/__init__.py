"""What stands under every method: the loop, replicas, the input pipeline and checkpoints."""
