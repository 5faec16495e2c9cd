"""STL-10: 96x96 photographs, 100,000 of them without labels.

The models learn from the split without labels, as those of SNGAN do, and are tested on 5,000
labelled images. The papers resize the images to 64x64 (IID-GAN's text), 48x48 (SNGAN) or 32x32
(IID-GAN's tables).

Reference:
    Coates, Lee, Ng, An Analysis of Single-layer Networks in Unsupervised Feature Learning, 2011.
"""

from keras_iidgan.data import prepared, stored
from keras_iidgan.data.base import Data, Dataset, pixels

SIZES = (64, 48, 32, 96)
TEST_IMAGES = 5000


def _build(*, seed, std, size, data_dir, image_size):
    del std
    images = prepared.read_squares("stl10", "unlabelled", image_size, data_dir)
    test = prepared.read_squares("stl10", "test", image_size, data_dir, TEST_IMAGES)
    rows = stored.stretch("stl10", len(images), size, seed)
    return Data(name="stl10", kind="images", train=images[rows], test=pixels(test))


DATASETS = {"stl10": Dataset(build=_build, sizes=SIZES)}
