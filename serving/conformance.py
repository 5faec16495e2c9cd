"""Check that a server answers as TensorFlow Serving should.

    python serving/conformance.py --write_models=FOLDER          (needs TensorFlow)
    python serving/conformance.py --url=http://localhost:8501 [--grpc=localhost:8500] [--json]
    python serving/conformance.py --url=http://localhost:8501 --model=iidgan_ring

The first writes small models and the models.config of a server that has them; the second sends
each of the vectors to such a server. It needs Python alone; --model, which checks the signatures of
a GAN that is served, needs NumPy, and --grpc grpcio, tensorflow and tensorflow-serving-api. The
exit code is 0 where all passed, 1 where not, and 2 where nothing could be checked.
"""

import argparse
import collections
import functools
import json
import pathlib
import sys

from conforming import calls, vectors

_VECTORS = pathlib.Path(__file__).parent.parent / "tests" / "serving" / "vectors.json"

Result = collections.namedtuple("Result", "name layer result reason")


def main(arguments=None):
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.write_models:
            return _write(options)
        if not options.url:
            raise ValueError("--url must be that of a server; got none")
        results = _check_model(options) if options.model else _check_vectors(options)
    except (ValueError, OSError, ImportError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return _report(results, options)


def _parser():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--url", help="the server's REST interface, http://localhost:8501")
    add("--grpc", help="its gRPC interface, localhost:8500, to be checked too")
    add("--model", help="check the signatures of this GAN instead of the vectors")
    add("--vectors", default=_VECTORS, help="file of the cases")
    add("--strict", action="store_true", help="compare numbers character by character")
    add("--json", action="store_true", help="report in JSON")
    add("--timeout", type=float, default=60.0, help="seconds to wait for an answer")
    add("--write_models", metavar="FOLDER", help="write the models that the cases need, and end")
    add("--mount", metavar="PATH", help="where the server finds that folder; the same by default")
    return parser


def _read(path):
    try:
        return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ValueError(f"--vectors must be a file of cases; got {path}: {reason}") from None


def _write(options):
    from conforming import fixtures

    file = _read(options.vectors)
    path = fixtures.write(options.write_models, file["fixtures"], file["cases"], options.mount)
    print(f"wrote {path}")
    return 0


def _server(options):
    try:
        return calls.Server(options.url, options.timeout)
    except ValueError as error:
        raise ValueError(f"--url {error}") from None


def _check_vectors(options):
    """Send every case; returns a list of `Result`."""
    server, cases = _server(options), _read(options.vectors)["cases"]
    _demand_models(server, cases, options)
    results = []
    for case in cases:
        if case["layer"] not in ("http", "parse", "format"):
            results.append(Result(case["name"], case["layer"], "not run", "unknown layer"))
            continue
        answer = server.ask(*vectors.request(case))
        reason = vectors.fault(case, answer, options.strict)
        results.append(_result(case["name"], case["layer"], reason))
    if options.grpc:
        from conforming import rpc

        results += _run(rpc.toy_checks(_stubs(options)), "grpc")
    return results


def _demand_models(server, cases, options):
    """Tell a server without the models from one that answers wrongly."""
    try:
        missing = [
            name
            for name in vectors.models(cases)
            if server.ask("GET", f"/v1/models/{name}/metadata").status != 200
        ]
    except OSError as error:
        raise ValueError(f"--url must be that of a server; got {options.url}: {error}") from None
    if missing:
        raise ValueError(
            f"--url must be that of a server with the models of --write_models; got {options.url},"
            f" which lacks {', '.join(missing)}"
        )


def _stubs(options):
    from conforming import rpc

    try:
        return rpc.Stubs(options.grpc, options.timeout)
    except ImportError as error:
        raise ValueError(
            f"--grpc needs grpcio, tensorflow and tensorflow-serving-api; got {error}"
        ) from None


def _check_model(options):
    """Check the signatures of a GAN; returns a list of `Result`."""
    from conforming import gan, served_model

    rpc = functools.partial(_stubs(options).predict, options.model) if options.grpc else None
    try:
        model = served_model.ServedModel(_server(options), options.model)
        checks = gan.checks(model, rpc)
    except ValueError as error:
        raise ValueError(f"--model {error}") from None
    return _run(checks, "model")


def _run(checks, layer):
    results = []
    for name, check in checks.items():
        try:
            reason = check()
        except (ValueError, OSError) as error:
            reason = str(error)
        results.append(_result(name, layer, reason))
    return results


def _result(name, layer, reason):
    return Result(name, layer, "failed" if reason else "passed", reason or "")


def _report(results, options):
    """Print the results; returns the exit code."""
    counts = collections.Counter(result.result for result in results)
    summary = {key: counts[key] for key in ("passed", "failed", "not run")}
    if options.json:
        cases = [result._asdict() for result in results]
        print(json.dumps({"url": options.url, "summary": summary, "cases": cases}, indent=1))
    else:
        for result in results:
            print(f"{result.result:8}{result.layer:8}{result.name}  {result.reason}".rstrip())
        print(", ".join(f"{count} {word}" for word, count in summary.items()))
    return 0 if summary["passed"] == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
