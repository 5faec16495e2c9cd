"""The package in TFX pipelines: a trainer, components and a whole pipeline.

Only `components` and `pipeline` import tfx; everything else runs without it.
"""
