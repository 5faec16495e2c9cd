"""Walks over a graph and its functions, from what a run fetches to all that it may run."""

import collections

from keras_iidgan.serving.loading import forbidden_ops

_CALLS = ("PartitionedCall", "StatefulPartitionedCall")


def name_of(reference):
    """Return the operation that `name`, `name:0`, `name:output:0` or `^name` refers to."""
    return reference.removeprefix("^").split(":")[0]


class Graph:
    """A graph with its functions, to be walked from what is run backwards.

    Args:
        definition: A `GraphDef`.
    """

    def __init__(self, definition):
        self.nodes = {node.name: node for node in definition.node}
        self.functions = {
            function.signature.name: function for function in definition.library.function
        }
        bodies = [function.node_def for function in self.functions.values()]
        everything = [node for nodes in (definition.node, *bodies) for node in nodes]
        self._handles = collections.Counter(
            _resource(node) for node in everything if node.op == "VarHandleOp"
        )
        self._consumers = collections.defaultdict(list)
        for node in definition.node:
            for reference in node.input:
                self._consumers[name_of(reference)].append(node)

    def reach(self, roots, readers=frozenset(), trusted=frozenset(), fed=frozenset()):
        """Find the forbidden operations that a run can get to.

        Args:
            roots: Names of the operations or tensors that are fetched.
            readers: Operations that are allowed to read a file whose name is trusted.
            trusted: Names of operations whose output is such a name.
            fed: Names of tensors that are fed, so that what makes them is not run.

        Returns:
            Set of the operations' types.
        """
        walk = _Walk(self, readers, fed)
        walk.main(roots, set(trusted))
        return walk.found

    def is_trusted(self, reference, nodes, trusted):
        """Say whether a value is nothing but a trusted one, passed on."""
        for _ in range(len(nodes) + 1):
            name = name_of(reference)
            if name in trusted:
                return True
            node = nodes.get(name)
            if node is None or node.op not in ("Identity", "ReadVariableOp") or not node.input:
                return False
            reference = node.input[0]
            if node.op == "ReadVariableOp":
                return nodes is self.nodes and self._holds_trusted(name_of(reference), trusted)
        return False

    def _holds_trusted(self, handle, trusted):
        """Say whether nothing but trusted values can get into a variable."""
        node = self.nodes.get(handle)
        if node is None or node.op != "VarHandleOp" or self._handles[_resource(node)] > 1:
            return False
        for user in self._consumers[handle]:
            if user.op == "AssignVariableOp" and name_of(user.input[1]) in trusted:
                continue
            if user.op not in ("ReadVariableOp", "VarIsInitializedOp"):
                return False
        return True


def _resource(node):
    return node.attr["container"].s, node.attr["shared_name"].s or node.name.encode()


class _Walk:
    """One search: what it has found, and which functions it has been in, told which arguments."""

    def __init__(self, graph, readers, fed):
        self.found = set()
        self._graph = graph
        self._readers = readers
        self._fed = fed
        self._seen = set()

    def main(self, roots, trusted):
        pending, known, calls = [name_of(root) for root in roots], set(), []
        while pending:
            node = self._graph.nodes.get(pending.pop())
            if node is None or node.name in known:
                continue
            known.add(node.name)
            calls += self._visit(node, self._graph.nodes, trusted)
            pending += [name_of(ref) for ref in node.input if not self._is_fed(ref)]
        self._bodies(calls)

    def _is_fed(self, reference):
        return (reference if ":" in reference else f"{reference}:0") in self._fed

    def _bodies(self, calls):
        while calls:
            name, positions = call = calls.pop()
            function = self._graph.functions.get(name)
            if function is None or call in self._seen:
                continue
            self._seen.add(call)
            nodes = {node.name: node for node in function.node_def}
            arguments = function.signature.input_arg
            trusted = {arguments[i].name for i in positions if i < len(arguments)}
            if any(argument.number_attr or argument.type_list_attr for argument in arguments):
                trusted = set()  # Positions say nothing where one argument is several values.
            for node in function.node_def:
                calls += self._visit(node, nodes, trusted)

    def _visit(self, node, nodes, trusted):
        """Judge an operation; returns the functions that it calls, with the trusted arguments."""
        if node.op in self._readers:
            source = node.input[node.op in forbidden_ops.READ_TABLE]
            if not self._graph.is_trusted(source, nodes, trusted):
                self.found.add(node.op)
        elif forbidden_ops.is_forbidden(node, nodes):
            self.found.add(node.op)
        return self._called(node, nodes, trusted)

    def _called(self, node, nodes, trusted):
        passed = frozenset()
        if node.op in _CALLS or node.op in self._graph.functions:
            data = [reference for reference in node.input if not reference.startswith("^")]
            told = (self._graph.is_trusted(reference, nodes, trusted) for reference in data)
            passed = frozenset(position for position, tell in enumerate(told) if tell)
        called = [(node.op, passed)]
        for value in node.attr.values():
            # What other operations, loops for one, do with their inputs is not looked into.
            given = passed if node.op in _CALLS else frozenset()
            called += [(value.func.name, given)] if value.HasField("func") else []
            called += [(function.name, frozenset()) for function in value.list.func]
        return called
