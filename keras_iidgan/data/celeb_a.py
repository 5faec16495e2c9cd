"""CelebA: 162,770 aligned photographs of faces for training.

Of the aligned 178x218 pixels the square of 178x178 in the centre is kept, rows 20 to 197. It has
more of the hair than the other usual crops, of 108x108 and 160x160.

Reference:
    Liu, Luo, Wang, Tang, Deep Learning Face Attributes in the Wild, 2015.
"""

from keras_iidgan.data import prepared, stored
from keras_iidgan.data.base import Data, Dataset, pixels

SIZES = (64, 32, 48, 128)
TEST_IMAGES = 5000


def _build(*, seed, std, size, data_dir, image_size):
    del std
    images = prepared.read_squares("celeb_a", "train", image_size, data_dir)
    test = prepared.read_squares("celeb_a", "test", image_size, data_dir, TEST_IMAGES)
    rows = stored.stretch("celeb_a", len(images), size, seed)
    return Data(name="celeb_a", kind="images", train=images[rows], test=pixels(test))


DATASETS = {"celeb_a": Dataset(build=_build, sizes=SIZES)}
