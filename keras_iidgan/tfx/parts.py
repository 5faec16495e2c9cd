"""The components of the pipeline, and how they hang together."""

from tfx import v1 as tfx

from keras_iidgan.tfx import components

RUN_FN = "keras_iidgan.tfx.trainer.run_fn"
_SIGNATURE = "examples"  # The one that takes serialized tf.Examples, as the Trainer saw them.


def make(chosen):
    """Make the components.

    Args:
        chosen: `options.Options`.

    Returns:
        A list, in the order of the data.
    """
    source = _source(chosen)
    statistics = tfx.components.StatisticsGen(examples=source.outputs["examples"])
    schema = tfx.components.SchemaGen(
        statistics=statistics.outputs["statistics"], infer_feature_shape=True
    )
    validator = tfx.components.ExampleValidator(
        statistics=statistics.outputs["statistics"], schema=schema.outputs["schema"]
    )
    made = [source, statistics, schema, validator]
    examples, graph = source.outputs["examples"], {}
    if chosen.transform:
        transform = tfx.components.Transform(
            examples=examples, schema=schema.outputs["schema"], module_file=chosen.transform
        )
        made.append(transform)
        examples = transform.outputs["transformed_examples"]
        graph = {"transform_graph": transform.outputs["transform_graph"]}
    trainer = _trainer(chosen, examples, schema, graph)
    evaluator = components.ModeCoverageEvaluator(
        examples=examples,
        model=trainer.outputs["model"],
        model_run=trainer.outputs["model_run"],
        thresholds=chosen.thresholds,
        samples=chosen.eval_samples,
        figures=",".join(chosen.figures),
    )
    return [*made, trainer, evaluator, *_after(chosen, examples, trainer, evaluator)]


def _source(chosen):
    if chosen.examples is None:
        return components.DatasetExampleGen(dataset=chosen.dataset, data_dir=chosen.data_dir or "")
    # Explicit patterns: the default one would read whatever else lies in the folder.
    splits = [
        tfx.proto.Input.Split(name="train", pattern=chosen.train_pattern),
        tfx.proto.Input.Split(name="eval", pattern=chosen.eval_pattern),
    ]
    return tfx.components.ImportExampleGen(
        input_base=chosen.examples, input_config=tfx.proto.Input(splits=splits)
    )


def _trainer(chosen, examples, schema, graph):
    return tfx.components.Trainer(
        run_fn=RUN_FN,
        examples=examples,
        schema=schema.outputs["schema"],
        train_args=tfx.proto.TrainArgs(splits=["train"], num_steps=chosen.steps),
        eval_args=tfx.proto.EvalArgs(splits=["eval"]),
        custom_config={"arguments": list(chosen.flags), "model_name": chosen.model_name},
        **graph,
    )


def _after(chosen, examples, trainer, evaluator):
    """Make what stands between the blessing and the served folder."""
    made, blessings = [], {"model_blessing": evaluator.outputs["blessing"]}
    if chosen.tfma:
        made.append(_tfma(examples, trainer))
    if chosen.infra_validator != "none":
        validator = _infra_validator(chosen, examples, trainer)
        made.append(validator)
        blessings["infra_blessing"] = validator.outputs["blessing"]
    pusher = tfx.components.Pusher(
        model=trainer.outputs["model"],
        push_destination=tfx.proto.PushDestination(
            filesystem=tfx.proto.PushDestination.Filesystem(base_directory=chosen.serving_dir)
        ),
        **blessings,
    )
    return [*made, pusher]


def _tfma(examples, trainer):
    """Make TFMA's Evaluator, which reads |x - G(F(x))| of examples: its mean, whole and sliced."""
    import tensorflow_model_analysis as tfma

    config = tfma.EvalConfig(
        model_specs=[tfma.ModelSpec(signature_name=_SIGNATURE, prediction_key="error")],
        slicing_specs=[tfma.SlicingSpec()],
        metrics_specs=[tfma.MetricsSpec(metrics=[tfma.MetricConfig(class_name="ExampleCount")])],
    )
    return tfx.components.Evaluator(
        examples=examples,
        model=trainer.outputs["model"],
        eval_config=config,
        example_splits=["eval"],
    )


def _infra_validator(chosen, examples, trainer):
    """Make the validator, which loads the model in TensorFlow Serving and asks it a request."""
    platform = {
        "docker": {"local_docker": tfx.proto.LocalDockerConfig()},
        "kubernetes": {"kubernetes": tfx.proto.KubernetesConfig()},
    }[chosen.infra_validator]
    return tfx.components.InfraValidator(
        model=trainer.outputs["model"],
        examples=examples,
        serving_spec=tfx.proto.ServingSpec(
            tensorflow_serving=tfx.proto.TensorFlowServing(tags=["latest"]), **platform
        ),
        request_spec=tfx.proto.RequestSpec(
            tensorflow_serving=tfx.proto.TensorFlowServingRequestSpec(signature_names=[_SIGNATURE]),
            num_examples=3,
        ),
    )
