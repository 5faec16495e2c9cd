"""Ask a served GAN, this package's server or TensorFlow Serving, over REST or gRPC.

    python -m keras_iidgan.serving.client COMMAND [...] --model=NAME [--url=http://localhost:8501]

    sample --n=16 --seed=0 --out=grid.png      draw samples of the seeds 0 to 15
    invert picture.png [...]                   codes; --refine improves them,
                                               --reconstruct=out.png draws G of them below
    interpolate a.png b.png --k=9 --out=way.png
    score picture.png [...]                    what the discriminator and the encoder say
    status                                     the versions, and the state of each
    signatures                                 what can be called, with types and shapes

For a model of points, a point as 2.0,0.0 stands for a picture. Codes are printed as text,
--format=csv or --format=json, which is one object in each line. The exit code is 2 for a mistake,
1 where the server refuses or there is none.
"""

import sys

from keras_iidgan import cli, client_command, flags

if __name__ == "__main__":
    argv = client_command.with_points(sys.argv)
    cli.run(client_command.main, flags.define_client, argv, takes_arguments=True)
