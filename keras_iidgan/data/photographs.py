"""Photographs that are kept as squares of one size: STL-10 and CelebA.

STL-10 has 96x96 photographs, 100,000 of them without labels. The models learn from the split
without labels, as those of SNGAN do, and are tested on labelled images. The papers resize the
images to 64x64 (IID-GAN's text), 48x48 (SNGAN) or 32x32 (IID-GAN's tables).

CelebA has 162,770 aligned photographs of faces for training. Of the aligned 178x218 pixels the
square of 178x178 in the centre is kept, rows 20 to 197. It has more of the hair than the other
usual crops, of 108x108 and 160x160.

Reference:
    Coates, Lee, Ng, An Analysis of Single-layer Networks in Unsupervised Feature Learning, 2011.
    Liu, Luo, Wang, Tang, Deep Learning Face Attributes in the Wild, 2015.
"""

from keras_iidgan.data import prepared, stored
from keras_iidgan.data.base import Data, Dataset, pixels

TEST_IMAGES = 5000


def _squares(name, split):
    def build(*, seed, std, size, data_dir, image_size):
        del std
        images = prepared.read_squares(name, split, image_size, data_dir)
        test = prepared.read_squares(name, "test", image_size, data_dir, TEST_IMAGES)
        rows = stored.stretch(name, len(images), size, seed)
        return Data(name=name, kind="images", train=images[rows], test=pixels(test))

    return build


# The first size is the default.
DATASETS = {
    "stl10": Dataset(build=_squares("stl10", "unlabelled"), sizes=(64, 48, 32, 96)),
    "celeb_a": Dataset(build=_squares("celeb_a", "train"), sizes=(64, 32, 48, 128)),
}
