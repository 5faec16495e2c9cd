"""The client of a served GAN."""

from keras_iidgan.serving.client import inputs
from keras_iidgan.serving.client.model import ModelClient


class Client(ModelClient):
    """Calls a served GAN; samples, images and codes are NumPy arrays.

    Images are float32 in [-1, 1]. Those of one channel come as they are served, [N, H, W], where a
    model in Python has [N, H, W, 1]; both are taken.

    With a conditional model, what generates needs `labels`: [N] integers, or one for all rows.

    Args:
        url, model, timeout, token, token_file, ca_file, chunk, retries: As of `ModelClient`.

    Raises:
        ValueError: From every method, before anything is sent, for an argument that is wrong.
        ServingError: From every method, where the server refused, or there is none.
    """

    def sample(self, seeds, return_z=False, labels=None):
        """Draw samples; the same seed gives the same row, whatever else is in the batch.

        Args:
            seeds: [N] integers.
            return_z: Whether to return the codes as well.
            labels: The class of each sample, for a conditional model.

        Returns:
            x, [N, *shape] float32; with `return_z` the pair (x, z), z being [N, M] float32.
        """
        outputs = self._labelled("sample", {"seed": inputs.seeds(seeds)}, labels, "x")
        x = self._of(outputs, "x", "sample")
        return (x, self._of(outputs, "z", "sample")) if return_z else x

    def generate(self, z, labels=None):
        """Generate samples: z, [N, M], and labels as of `sample`, to x, [N, *shape] float32."""
        outputs = self._labelled("serving_default", {"z": inputs.codes("z", z)}, labels, "x")
        return self._of(outputs, "x", "serving_default")

    def sample_png(self, seeds, labels=None):
        """Draw images as of `sample`; returns a list of PNG files, each a `bytes`."""
        sent = {"seed": inputs.seeds(seeds)}
        outputs = self._labelled("sample_png", sent, labels, "image_bytes")
        return list(self._of(outputs, "image_bytes", "sample_png"))

    def generate_png(self, z, labels=None):
        """Generate images as of `generate`; returns a list of PNG files, each a `bytes`."""
        sent = {"z": inputs.codes("z", z)}
        outputs = self._labelled("generate_png", sent, labels, "image_bytes")
        return list(self._of(outputs, "image_bytes", "generate_png"))

    def invert(self, x, return_labels=False):
        """Find the codes of samples.

        Args:
            x: [N, *shape].
            return_labels: Whether to return the classes as well, of a conditional model.

        Returns:
            z, [N, M] float32; with `return_labels` the pair (z, labels), labels being [N] int64.
        """
        outputs = self._run("invert", {"x": inputs.samples("x", x)}, "z")
        return self._codes(outputs, "invert", return_labels)

    def invert_png(self, images, return_labels=False):
        """Find the codes of image files, PNG or JPEG, which the server cuts and resizes.

        Args:
            images: List of `bytes`, each a file, or paths.
            return_labels: As of `invert`.

        Returns:
            As `invert`.
        """
        outputs = self._run("invert_png", {"image_bytes": inputs.files(images)}, "z")
        return self._codes(outputs, "invert_png", return_labels)

    def invert_refined(self, x):
        """Find the codes of samples and improve them by gradient steps on ||x - G(z)||.

        Args:
            x: [N, *shape].

        Returns:
            Dict of `z`, [N, M]; `x`, G(z), [N, *shape]; `error_before` and `error`, ||x - G(z)||,
            [N]; and `label`, [N] int64, of a conditional model.
        """
        return self._run("invert_refined", {"x": inputs.samples("x", x)}, "z")

    def classify(self, x):
        """Return the probability of each class, [N, classes] float32, of a conditional model."""
        outputs = self._run("invert", {"x": inputs.samples("x", x)}, "z")
        return self._of(outputs, "probability", "invert")

    def reconstruct(self, x):
        """Invert samples and generate them again.

        Args:
            x: [N, *shape].

        Returns:
            Dict of `x`, [N, *shape]; `z`, [N, M]; `error`, [N]; and `label` of a conditional model.
        """
        return self._run("reconstruct", {"x": inputs.samples("x", x)}, "x")

    def score(self, x, labels=None):
        """Judge samples.

        Args:
            x: [N, *shape].
            labels: The class as which each is judged, for a conditional model.

        Returns:
            Dict of float32, [N] each: `logit` of the discriminator, `squared_norm` of the code,
            and `error` of the reconstruction, as far as the model has these networks.
        """
        return self._labelled("score", {"x": inputs.samples("x", x)}, labels, "logit")

    def interpolate(self, z0, z1, t=9, labels=None):
        """Go from codes to others on the spherical way.

        Args:
            z0: [N, M].
            z1: [N, M].
            t: Places from 0 to 1, [K], or [N, K]; or their number K, evenly from 0 to 1.
            labels: As of `sample`, one for all of a way.

        Returns:
            Dict of `x`, [N, K, *shape]; `z`, [N, K, M]; and `label`, [N, K], of a conditional
            model.
        """
        z0, z1 = inputs.codes("z0", z0), inputs.codes("z1", z1)
        inputs.pair(("z0", z0), ("z1", z1))
        sent = {"z0": z0, "z1": z1, "t": inputs.places(t, len(z0))}
        return self._labelled("interpolate", sent, labels, "x")

    def interpolate_images(self, x0, x1, t=9):
        """Go from samples to others by the codes between theirs: as `interpolate`, of x0 and x1."""
        x0, x1 = inputs.samples("x0", x0), inputs.samples("x1", x1)
        inputs.pair(("x0", x0), ("x1", x1))
        sent = {"x0": x0, "x1": x1, "t": inputs.places(t, len(x0))}
        return self._run("interpolate_images", sent, "x")

    def examples(self, examples):
        """Invert tf.Examples, of an image file as `image`, or of floats as `x`.

        Args:
            examples: List of `tf.train.Example`, or of `bytes`, each one serialized.

        Returns:
            Dict of `z`, [N, M]; `error` of the reconstruction, [N]; and `label`, [N], and
            `probability`, [N, classes], of a conditional model.
        """
        return self._run("examples", {"examples": inputs.serialized(examples)}, "z")

    def _labelled(self, signature_name, sent, labels, alias):
        """Run a signature, with the classes of the rows where there are any."""
        if labels is not None:
            # A REST server passes over an input that a signature does not have.
            known = self._signature(signature_name)
            if known is not None and "label" not in known.inputs:
                raise ValueError(
                    f"labels: expected none, for {signature_name!r} takes none; got some"
                )
            rows = len(next(iter(sent.values())))
            sent = sent | {"label": inputs.labels(labels, rows)}
        return self._run(signature_name, sent, alias)

    def _codes(self, outputs, signature_name, return_labels):
        z = self._of(outputs, "z", signature_name)
        return (z, self._of(outputs, "label", signature_name)) if return_labels else z
