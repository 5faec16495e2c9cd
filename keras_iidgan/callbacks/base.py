"""What the callbacks that act between epochs share."""

import keras


class AtEvaluation(keras.callbacks.Callback):
    """Acts at the end of an epoch; but not of one in whose middle training was asked to stop.

    Args:
        due: a function from a step to whether to act there even if training was asked to stop: a
            signal that arrives in the last call of an epoch must not cost what follows it.
    """

    def __init__(self, due=lambda step: False):
        super().__init__()
        self.due = due

    def on_epoch_end(self, epoch, logs=None):
        """Act, if it is time."""
        step = int(self.model.step.numpy())
        if not self.model.stop_training or self.due(step):
            self.act(step, logs)

    def act(self, step, logs):
        """Do what is to be done at this step, with the epoch's logs; a subclass says what."""
        raise NotImplementedError
