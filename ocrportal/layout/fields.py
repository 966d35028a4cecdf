"""The fields of a page for display: labelled, in groups, with lists of items as tables.

    ("name",)                    an entry of the first group
    ("front", "name")            an entry of the group “Front”
    ("phone", "1")               one of several values of the entry “Phone”
    ("item_list", "2", "tax")    a cell in the second row of the table “Item list”

The page screen and every exporter use them. Labels are in the language that is active when
they are made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ocrportal.catalogue.spec import Service
from ocrportal.layout.blocks import Entry, FieldGroup, ItemTable
from ocrportal.layout.field_labels import label_of, shown_value
from ocrportal.results import Field

_OF_THE_API = re.compile(r"[a-z][a-z0-9_]*")
"""Names that the cloud's API defines; all other names are keys printed on the page."""
_INLINE = frozenset({"content"})
"""Names of levels that are not shown."""
_MAX_COLUMNS = 12
"""Items with more values become groups, since a wider table does not fit a page."""


@dataclass(slots=True)
class _Node:
    """A level of the paths."""

    fields: list[Field] = field(default_factory=list)
    children: dict[str, _Node] = field(default_factory=dict)

    @property
    def is_list(self) -> bool:
        return bool(self.children) and all(name.isdigit() for name in self.children)

    @property
    def values(self) -> list[Field]:
        """Its values; for a list of plain values, those of its items."""
        if self.is_list and not any(child.children for child in self.children.values()):
            return [*self.fields, *(f for child in self.children.values() for f in child.fields)]
        return self.fields

    @property
    def is_plain(self) -> bool:
        """Whether it has values only, and no further levels."""
        return len(self.values) > len(self.fields) or not self.children


def group_fields(fields: Iterable[Field], service: Service | None) -> list[FieldGroup | ItemTable]:
    """The fields of a page in their order; ``service`` recognised it, if known."""
    fields = list(fields)
    root = _Node()
    for entry in fields:
        node = root
        for name in entry.path:
            node = node.children.setdefault(name, _Node())
        node.fields.append(entry)
    return list(_Grouping(service, fields).groups(root, (), ""))


class _Grouping:
    def __init__(self, service: Service | None, fields: list[Field]) -> None:
        self._service = service
        self._types = {f.path[:-1]: f.value for f in fields if f.path[-1] == "type"}

    def groups(
        self, node: _Node, path: tuple[str, ...], title: str
    ) -> Iterator[FieldGroup | ItemTable]:
        if node.is_list and self._is_table(node):
            yield self._table(node, path, title)
            return
        entries = tuple(self._entries(node, path))
        if entries:
            yield FieldGroup(title, entries)
        for name, child in self._nested(node, path):
            yield from self.groups(child, name, self._title(name, title))

    def _entries(self, node: _Node, path: tuple[str, ...]) -> Iterator[Entry]:
        for name, child in node.children.items():
            here = (*path, name)
            if name in _INLINE and child.children:
                yield from self._entries(child, here)
            elif child.is_plain and len(child.values) > len(child.fields):
                yield self._entry(here, child.values)
            else:
                # A printed key may occur twice, each time with its own value.
                for entry in child.fields:
                    yield self._entry(here, [entry])

    def _nested(
        self, node: _Node, path: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], _Node]]:
        for name, child in node.children.items():
            if name in _INLINE:
                yield from self._nested(child, (*path, name))
            elif not child.is_plain:
                yield (*path, name), child

    def _entry(self, path: tuple[str, ...], values: list[Field]) -> Entry:
        shown = [shown_value(self._service, path, entry.value) for entry in values]
        return Entry(self._label(path), "; ".join(shown), tuple(values))

    def _label(self, path: tuple[str, ...]) -> str:
        if not _OF_THE_API.fullmatch(path[-1]):
            return path[-1]
        # The type of an item selects the service that declares the names in its content.
        kind = self._types.get(path[: path.index("content")]) if "content" in path else None
        return label_of(self._service, path, kind)

    def _title(self, path: tuple[str, ...], parent: str) -> str:
        if path[-1].isdigit():
            parent = parent or _("Document")
            return f"{parent} {path[-1]}"
        label = self._label(path)
        return f"{parent} – {label}" if parent else label

    def _is_table(self, node: _Node) -> bool:
        items = node.children.values()
        columns = {name for item in items for name in item.children}
        return (
            len(columns) <= _MAX_COLUMNS
            and all(_OF_THE_API.fullmatch(name) for name in columns)
            and all(child.is_plain for item in items for child in item.children.values())
        )

    def _table(self, node: _Node, path: tuple[str, ...], title: str) -> ItemTable:
        names = list(dict.fromkeys(n for item in node.children.values() for n in item.children))
        labels = [self._label((*path, name)) for name in names]
        rows = []
        for number, item in node.children.items():
            rows.append(
                tuple(
                    self._entry((*path, number, name), item.children[name].values)
                    if name in item.children
                    else Entry(label, "")
                    for name, label in zip(names, labels, strict=True)
                )
            )
        return ItemTable(title, tuple(labels), tuple(rows))
