"""A DCGAN with a `train_step` of its own, to which an encoder and IIDRegularizer are added.

    python -m keras_iidgan.examples.dcgan_overridden_train_step --steps=10000

trains it on stacks of three real digits (1,000 modes), as it is and with the regulariser, and
prints how many modes either covers and how much longer a step takes. Nothing here but the lines
marked IID is ours: they are what it takes to add the idea to a GAN of yours.

Reference: the example "DCGAN with overridden train_step" of keras.io, whose pattern this follows;
IID-GAN for the regulariser.
"""

import keras
import tensorflow as tf

from keras_iidgan import IIDRegularizer, cli, flags
from keras_iidgan.examples import trial


def make_generator(latent_dim):
    """Build the network from codes [B, M] to images [B, 8, 8, 3]."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(2 * 2 * 128, "relu"),
            layers.Reshape((2, 2, 128)),
            layers.Conv2DTranspose(64, 4, 2, "same", activation="relu"),
            layers.Conv2DTranspose(32, 4, 2, "same", activation="relu"),
            layers.Conv2D(3, 3, padding="same", activation="tanh"),
        ],
        name="generator",
    )


def make_downward(name, outputs):
    """Build a network from images [B, 8, 8, 3] to [B, outputs]."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(32, 4, 2, "same"),
            layers.LeakyReLU(0.2),
            layers.Conv2D(64, 4, 2, "same"),
            layers.LeakyReLU(0.2),
            layers.Flatten(),
            layers.Dense(outputs),
        ],
        name=name,
    )


class DCGAN(keras.Model):
    """Somebody's GAN.

    Args:
        latent_dim: M.
        iid: an `IIDRegularizer`, or None for the GAN as it was.
        seed: of the noise.
    """

    def __init__(self, latent_dim, iid=None, seed=0):
        super().__init__()
        self.latent_dim = latent_dim
        self.generator = make_generator(latent_dim)
        self.discriminator = make_downward("discriminator", 1)
        self.noise = keras.random.SeedGenerator(seed)
        self.iid = iid  # IID
        self.encoder = make_downward("encoder", latent_dim) if iid else None  # IID

    def compile(self, d_optimizer, g_optimizer, **options):
        """Take an optimizer for either player."""
        super().compile(**options)
        self.d_optimizer, self.g_optimizer = d_optimizer, g_optimizer
        self.loss_of = keras.losses.BinaryCrossentropy(from_logits=True)

    def draw(self, count):
        """Draw codes [count, M] from N(0, I)."""
        return keras.random.normal((count, self.latent_dim), seed=self.noise)

    def train_step(self, x):
        """Move D, then G, on a batch [B, 8, 8, 3]."""
        d_loss = self.move_discriminator(x, self.draw(tf.shape(x)[0]))
        return {"d_loss": d_loss, **self.move_generator(x, self.draw(tf.shape(x)[0]))}

    def move_discriminator(self, x, z):
        """Teach D to tell data from G(z); returns its loss."""
        weights = self.discriminator.trainable_variables
        with tf.GradientTape() as tape:
            real, fake = self.discriminator(x), self.discriminator(self.generator(z))
            loss = self.loss_of(tf.ones_like(real), real) + self.loss_of(tf.zeros_like(fake), fake)
        self.d_optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    def move_generator(self, x, z):
        """Teach G to be taken for data; returns its terms."""
        weights = list(self.generator.trainable_variables)
        if self.iid:  # IID
            weights += self.encoder.trainable_variables  # IID
        with tf.GradientTape() as tape:
            x_fake = self.generator(z)
            fake = self.discriminator(x_fake)
            terms = {"g_loss": self.loss_of(tf.ones_like(fake), fake)}
            if self.iid:  # IID
                terms |= self.iid.terms(  # IID
                    x=x, z=z, x_fake=x_fake, generator=self.generator, encoder=self.encoder
                )
            loss = tf.add_n(list(terms.values()))
        self.g_optimizer.apply(tape.gradient(loss, weights), weights)
        return terms

    def sample(self, count):
        """Return images [count, 8, 8, 3] of codes that are the same every time."""
        z = keras.random.normal((count, self.latent_dim), seed=1)
        return self.generator.predict(z, batch_size=1000, verbose=0)


def make(latent_dim, seed, iid):
    """Make and compile the GAN, as it was or with the regulariser; the same weights of G and D."""
    keras.utils.set_random_seed(seed)
    model = DCGAN(latent_dim, IIDRegularizer() if iid else None, seed=seed)
    rate = {"learning_rate": 2e-4, "beta_1": 0.5}
    model.compile(keras.optimizers.Adam(**rate), keras.optimizers.Adam(**rate), jit_compile=False)
    return model


def main(values):
    """Train both, and print and keep what came of it."""
    return trial.run(make, values)


if __name__ == "__main__":
    cli.run(main, flags.define_example)
