"""The gRPC interface of TensorFlow Serving, with its own messages.

`server` listens, `services` has the calls, `predict` and `classify` what they do, `tensors` turns
protos into arrays and back. All of it needs grpcio and tensorflow-serving-api, which are an extra:
import it where gRPC is wanted only.
"""
