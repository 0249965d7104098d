"""Thrift's compact protocol, as far as Parquet's footers, page headers and indexes are written."""

from __future__ import annotations

from dataclasses import dataclass

_TRUE = 1
_LONG_LIST = 15
_DEEPEST = 24
_MOST = 64
_EIGHT = 8

Value = bool | int | float | bytes | list["Value"] | dict[int, "Value"]
Struct = dict[int, Value]


@dataclass(slots=True)
class Reader:
    """Bytes read from a place onwards.

    Raises:
        ValueError: the bytes end too early, or are no such structure.
    """

    data: bytes
    place: int = 0

    def struct(self, depth: int = 0) -> Struct:
        """The structure that begins here: its fields by their numbers."""
        if depth > _DEEPEST:
            raise ValueError("nested too deep")
        fields: Struct = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._zigzag()
            fields[number] = self._value(head & 0x0F, depth, in_list=False)
        return fields

    def _value(self, kind: int, depth: int, *, in_list: bool) -> Value:
        match kind:
            case 1 | 2:
                value: Value = (self._byte() if in_list else kind) == _TRUE
            case 3:
                value = self._byte()
            case 4 | 5 | 6:
                value = self._zigzag()
            case 7:
                value = self._take(_EIGHT)
            case 8:
                value = self._take(self._varint())
            case 9 | 10:
                value = self._list(depth + 1)
            case 12:
                value = self.struct(depth + 1)
            case _:
                raise ValueError("an unknown type of field")
        return value

    def _list(self, depth: int) -> Value:
        head = self._byte()
        count = head >> 4 if head >> 4 != _LONG_LIST else self._varint()
        if depth > _DEEPEST or count > len(self.data):
            raise ValueError("longer than its bytes")
        return [self._value(head & 0x0F, depth, in_list=True) for _ in range(count)]

    def _zigzag(self) -> int:
        number = self._varint()
        return (number >> 1) ^ -(number & 1)

    def _varint(self) -> int:
        number = shift = 0
        while shift < _MOST:
            byte = self._byte()
            number |= (byte & 0x7F) << shift
            if not byte & 0x80:
                return number
            shift += 7
        raise ValueError("a number without an end")

    def _byte(self) -> int:
        return self._take(1)[0]

    def _take(self, count: int) -> bytes:
        taken = self.data[self.place : self.place + count]
        if len(taken) < count:
            raise ValueError("the bytes end too early")
        self.place += count
        return taken


def integer(struct: Struct, number: int, default: int = 0) -> int:
    """The whole number in a field; the default where there is none."""
    value = struct.get(number, default)
    return value if isinstance(value, int) else default


def structs(struct: Struct, number: int) -> list[Struct]:
    """The structures in a list field, or in a field that is one; none where it is missing."""
    value = struct.get(number)
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def binaries(value: Value) -> list[bytes]:
    """Every byte string in a value, however deep."""
    if isinstance(value, bytes):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [found for item in inner for found in binaries(item)]
