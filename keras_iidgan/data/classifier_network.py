"""The network of the classifiers of small images."""


def build(shape, classes):
    """Build three convolutions and two dense layers.

    Args:
        shape: (H, W, 1) of an image, 8 pixels or more along each axis.
        classes: K.

    Returns:
        Keras model [N, H, W, 1] -> logits [N, K].
    """
    import keras

    # Names, seeds and precision are given, so that building this moves no counter or generator of
    # the caller's and takes no policy of theirs.
    def layer(kind, name, *args, **kwargs):
        return getattr(keras.layers, kind)(*args, name=name, dtype="float32", **kwargs)

    def weights(seed):
        return {"activation": "relu", "kernel_initializer": keras.initializers.GlorotUniform(seed)}

    return keras.Sequential(
        [
            keras.Input(shape, name="image"),
            layer("Conv2D", "edges", 32, 3, padding="same", **weights(1)),
            *([layer("MaxPooling2D", "pool_edges")] if shape[0] >= 16 else []),
            layer("Conv2D", "strokes", 64, 3, padding="same", **weights(2)),
            layer("MaxPooling2D", "pool_strokes"),
            layer("Conv2D", "parts", 64, 3, padding="same", **weights(3)),
            layer("MaxPooling2D", "pool_parts"),
            layer("Flatten", "flat"),
            layer("Dropout", "drop_parts", 0.3, seed=4),
            layer("Dense", "hidden", 128, **weights(5)),
            layer("Dropout", "drop_hidden", 0.3, seed=6),
            layer(
                "Dense", "logits", classes, kernel_initializer=keras.initializers.GlorotUniform(7)
            ),
        ],
        name="classifier",
    )
