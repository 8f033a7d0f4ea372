"""The YAML file: its values, and on which line each of them stands.

YAML's own loader forgets lines, and lets the second of two equal names win in silence. Here the file is composed into
nodes first, which know their lines.
"""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from desk.configuration.mistakes import Location, Mistake

DEFAULT_FILE = Path("quayside.yaml")


@dataclass
class ConfigurationFile:
    """What a file holds: nested dictionaries and lists, the line of each name and value by its path, its mistakes."""

    name: str
    values: dict[str, object] = field(default_factory=dict)
    lines: dict[Location, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def place(self, path: Location) -> str:
        """Give `FILE:LINE` of the value at `path`, or of the nearest section around it that is in the file."""
        return f"{self.name}:{self.line(path)}"

    def line(self, path: Location) -> int:
        """Give the line of `path`, or of what stands around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def has(self, path: Location) -> bool:
        """Whether the file says something at `path`."""
        return path in self.lines


def read_file(path: Path) -> ConfigurationFile:
    """Read a file; what is wrong with it as YAML is among its `mistakes`. Never raises for its content."""
    found = ConfigurationFile(str(path))
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is not None:
            _note_lines(root, (), found, frozenset())
        if not found.mistakes:
            found.values = _values(text)
    except OSError as error:
        found.mistakes.append(Mistake(str(path), f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        found.mistakes.append(Mistake(f"{path}:{line}", "is not UTF-8 text", line=line))
    except yaml.YAMLError as error:
        found.mistakes.append(_syntax(error, path))
    except RecursionError:
        found.mistakes.append(Mistake(str(path), "is nested too deeply"))
    return found


def _values(text: str) -> dict[str, object]:
    values: object = yaml.safe_load(text)
    return values if isinstance(values, dict) else {}


def _note_lines(node: yaml.Node, path: Location, found: ConfigurationFile, above: frozenset[int]) -> None:
    """Note the line of everything below `node`; names that stand twice, or are not text, are mistakes."""
    found.lines.setdefault(path, node.start_mark.line + 1)
    if id(node) in above:
        _mistake(found, node, path, "refers to itself")
    elif isinstance(node, yaml.MappingNode):
        _note_names(node, path, found, above | {id(node)})
    elif not path:
        _mistake(found, node, path, "a configuration is a list of `name: value` lines")
    elif isinstance(node, yaml.SequenceNode):
        for position, child in enumerate(node.value):
            _note_lines(child, (*path, position), found, above | {id(node)})


def _note_names(node: yaml.MappingNode, path: Location, found: ConfigurationFile, above: frozenset[int]) -> None:
    for name, value in node.value:
        if name.tag == "tag:yaml.org,2002:merge":
            continue
        if not isinstance(name, yaml.ScalarNode) or name.tag != "tag:yaml.org,2002:str":
            shown = name.value if isinstance(name, yaml.ScalarNode) else "a list or section"
            _mistake(found, name, path, f"found {shown} as a name; expected text (quote it: '{shown}')")
            continue
        here = (*path, name.value)
        if here in found.lines:
            _mistake(found, name, here, f"stands here for the second time; the first is in line {found.lines[here]}")
            continue
        found.lines[here] = name.start_mark.line + 1
        _note_lines(value, here, found, above)


def _mistake(found: ConfigurationFile, node: yaml.Node, path: Location, text: str) -> None:
    line = node.start_mark.line + 1
    found.mistakes.append(Mistake(f"{found.name}:{line}", text, path, line=line))


def _syntax(error: yaml.YAMLError, path: Path) -> Mistake:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Mistake(str(path), f"is not YAML: {' '.join(str(error).split())}")
    mark = error.problem_mark
    began = f" ({error.context})" if error.context else ""
    text = f"is not YAML: {error.problem or 'unreadable'}{began}, column {mark.column + 1}"
    if "\\t" in str(error.problem):
        text += "; indent with spaces, YAML has no tabs"
    return Mistake(f"{path}:{mark.line + 1}", text, line=mark.line + 1)
