"""A small assembler of WebAssembly: from functions in its text format to the bytes of a module.

Of the text format it knows what the lab's loops use, written as nested expressions, and two short
forms: ``$x`` reads a local, a number is an ``i32.const`` or, with a point, an ``f64.const``. All
functions are exported and share the memory that is imported as ``lab.memory``. Numbers of
sections and instructions are those of the core specification
(https://webassembly.github.io/spec/core/binary).
"""

import re
import struct

TYPES = {"i32": 0x7F, "f64": 0x7C, "v128": 0x7B}
CODES = {
    **{"local.set": [0x21], "br_if": [0x0D], "i32.load16_u": [0x2F], "i32.ne": [0x47]},
    **{"i32.add": [0x6A], "i32.sub": [0x6B], "i32.and": [0x71], "i32.shl": [0x74]},
    **{"i32.shr_u": [0x76], "i32.lt_u": [0x49]},
    **{"v128.load": [0xFD, 0x00], "v128.store": [0xFD, 0x0B], "f64x2.splat": [0xFD, 0x14]},
    **{"f64x2.gt": [0xFD, 0x4A], "v128.and": [0xFD, 0x4E], "f64x2.abs": [0xFD, 0xEC, 0x01]},
    **{"f64x2.neg": [0xFD, 0xED, 0x01], "f64x2.add": [0xFD, 0xF0, 0x01]},
    **{"f64x2.sub": [0xFD, 0xF1, 0x01], "f64x2.mul": [0xFD, 0xF2, 0x01]},
}
ALIGNED = {"i32.load16_u": 1, "v128.load": 4, "v128.store": 4}  # the exponent, only a hint
TYPE, IMPORT, FUNCTION, EXPORT, CODE = 1, 2, 3, 7, 10
LOCAL_GET, I32_CONST, F64_CONST, LOOP, NO_VALUE, END = 0x20, 0x41, 0x44, 0x03, 0x40, 0x0B


def assemble(text: str) -> bytes:
    """Return the module of some functions ``(func $name (param $x i32) (local $y v128) ...)``."""
    functions = [_Function(tree) for tree in _trees(text)]
    numbers = range(len(functions))
    sections = [
        (TYPE, [f.type for f in functions]),
        (IMPORT, [_name("lab") + _name("memory") + b"\x02\x00\x00"]),
        (FUNCTION, [_unsigned(i) for i in numbers]),
        (EXPORT, [_name(functions[i].name) + b"\x00" + _unsigned(i) for i in numbers]),
        (CODE, [_sized(f.code) for f in functions]),
    ]
    body = (bytes([number]) + _sized(_vector(parts)) for number, parts in sections)
    return b"\0asm\1\0\0\0" + b"".join(body)


class _Function:
    """A function of the text, with its type and its code as bytes."""

    def __init__(self, tree):
        _, name, *parts = tree
        self.name = name[1:]
        params = [part for part in parts if part[0] == "param"]
        local = [part for part in parts if part[0] == "local"]
        body = parts[len(params) + len(local) :]
        self.places = {part[1]: place for place, part in enumerate(params + local)}
        self.loops = []
        kinds = [bytes([TYPES[kind]]) for _, _, kind in params]
        self.type = b"\x60" + _vector(kinds) + _vector([])
        declared = [b"\x01" + bytes([TYPES[kind]]) for _, _, kind in local]
        self.code = _vector(declared) + b"".join(map(self.encode, body)) + bytes([END])

    def encode(self, tree):
        """Return the bytes of an expression: its operands, then what is done to them."""
        if isinstance(tree, str):
            if tree in self.places:
                return bytes([LOCAL_GET]) + _unsigned(self.places[tree])
            if "." in tree:
                return bytes([F64_CONST]) + struct.pack("<d", float(tree))
            return bytes([I32_CONST]) + _signed(int(tree))
        operation, *operands = tree
        if operation == "loop":
            self.loops.append(operands[0])
            inside = b"".join(map(self.encode, operands[1:]))
            self.loops.pop()
            return bytes([LOOP, NO_VALUE]) + inside + bytes([END])
        fixed = b""
        if operation == "local.set":
            fixed = _unsigned(self.places[operands.pop(0)])
        elif operation == "br_if":
            fixed = _unsigned(self.loops[::-1].index(operands.pop(0)))
        elif operation in ALIGNED:
            offset = operands.pop(0).partition("offset=")[2] if "=" in operands[0] else "0"
            fixed = _unsigned(ALIGNED[operation]) + _unsigned(int(offset))
        return b"".join(map(self.encode, operands)) + bytes(CODES[operation]) + fixed


def _trees(text):
    """Return the text's expressions as nested lists of words; comments begin with ``;;``."""
    stack = [[]]
    for word in re.findall(r"[()]|[^\s()]+", re.sub(";;.*", "", text)):
        if word == "(":
            stack.append([])
        elif word == ")":
            tree = stack.pop()
            stack[-1].append(tree)
        else:
            stack[-1].append(word)
    return stack[0]


def _unsigned(number):
    """Return a number from 0 on in LEB128: seven bits a byte, the lowest first."""
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _unsigned(rest) if rest else bytes([low])


def _signed(number):
    """Return a number in signed LEB128, whose last byte's bit 6 is the sign."""
    low, rest = number & 0x7F, number >> 7
    if rest == (-1 if low & 0x40 else 0):
        return bytes([low])
    return bytes([low | 0x80]) + _signed(rest)


def _sized(data):
    return _unsigned(len(data)) + data


def _name(text):
    return _sized(text.encode())


def _vector(parts):
    return _unsigned(len(parts)) + b"".join(parts)
