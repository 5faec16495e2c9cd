"""Requests that come together run together, as TensorFlow Serving's parameters say."""
