"""What a reader finds on a page: a tree of its elements, which refuses one that isn't closed."""

import dataclasses
import html.parser


@dataclasses.dataclass
class Node:
    """An element: its attributes, and what is in it, nodes and strings."""

    tag: str
    attributes: dict
    children: list = dataclasses.field(default_factory=list)

    def all(self, tag=None, **attributes):
        """Return the elements inside, of a tag and with these attributes."""
        found = [c for c in self.children if isinstance(c, Node)]
        found = [each for child in found for each in (child, *child.all())]
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}.items()
        return [n for n in found if n.tag == (tag or n.tag) and wanted <= n.attributes.items()]

    @property
    def text(self):
        """The text inside, with single spaces."""
        parts = [child.text if isinstance(child, Node) else child for child in self.children]
        return " ".join(" ".join(parts).split())


class _Parser(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = [Node("", {})]

    def handle_starttag(self, tag, attrs):
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in {"br", "img", "meta"}:
            self.open.append(node)

    def handle_endtag(self, tag):
        assert self.open.pop().tag == tag

    def handle_data(self, data):
        self.open[-1].children.append(data)


def parse(page):
    """Return the tree of a page."""
    parser = _Parser()
    parser.feed(page)
    parser.close()
    (root,) = parser.open
    return root
