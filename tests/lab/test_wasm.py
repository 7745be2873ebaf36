"""The assembler's bytes are WebAssembly's, and the vector loops add as the plain ones do."""

import base64

import pytest

from lab import wasm_assembler, wasm_loops


@pytest.mark.parametrize(
    ("number", "signed", "unsigned"),
    [
        *((0, "00", "00"), (63, "3f", "3f"), (64, "c000", "40"), (127, "ff00", "7f")),
        *((128, "8001", "8001"), (8191, "ff3f", "ff3f"), (8192, "80c000", "8040")),
        *((624485, "e58e26", "e58e26"), (-1, "7f", None), (-64, "40", None), (-65, "bf7f", None)),
        *((-128, "807f", None), (-123456, "c0bb78", None), (-(2**31), "8080808078", None)),
    ],
)
def test_numbers_are_leb128(number, signed, unsigned):
    assert wasm_assembler._signed(number).hex() == signed
    if unsigned:
        assert wasm_assembler._unsigned(number).hex() == unsigned


RUN = """const memory = new WebAssembly.Memory({ initial: 1 });
const bytes = Uint8Array.from(atob(given), (byte) => byte.charCodeAt(0));
if (!WebAssembly.validate(bytes)) throw new Error("not valid");
const module = new WebAssembly.Module(bytes);
const run = new WebAssembly.Instance(module, { lab: { memory } }).exports;
const at = (place, size = 2) => new Float64Array(memory.buffer, place, size);
"""


def assembled(text):
    """Return the module of some functions as base64."""
    return base64.b64encode(wasm_assembler.assemble(text)).decode()


def test_whole_numbers_mean_what_is_written(node):
    numbers = [0, 63, 64, 127, 128, 8191, 8192, 49152, -1, -64, -65, -8192, -8193]
    text = "\n".join(
        f"(func $n{i} (param $to i32) (v128.store (i32.add $to {n}) (f64x2.splat 1.5)))"
        for i, n in enumerate(numbers)
    )
    script = (
        RUN
        + """tell(Object.values(run).map((work) => {
      at(0, 8192).fill(0);
      work(8320);
      const places = new Uint8Array(memory.buffer);
      return places.findIndex((byte) => byte !== 0) - 8326;
    }));"""  # the first byte of 1.5 that is not 0 is its seventh
    )
    assert node("", script, assembled(text)) == numbers


def test_operations_on_pairs(node):
    load = "(v128.load $a) (v128.load offset=16 $a)"
    text = "\n".join(
        [
            *(
                f"(func ${n} (param $a i32) (v128.store offset=32 $a (f64x2.{n} {load})))"
                for n in ("add", "sub", "mul", "gt")
            ),
            "(func $abs (param $a i32) (v128.store offset=32 $a (f64x2.abs (v128.load $a))))",
            "(func $neg (param $a i32) (v128.store offset=32 $a (f64x2.neg (v128.load $a))))",
            f"(func $and (param $a i32) (v128.store offset=32 $a (v128.and {load})))",
        ]
    )
    script = (
        RUN
        + """tell(Object.fromEntries(Object.entries(run).map(([name, work]) => {
      at(64).set([-1.5, 0.1]);
      at(80).set([0.3, -0]);
      work(64);
      const word = (i) => new DataView(memory.buffer).getBigUint64(96 + 8 * i, true);
      return [name, name === "gt" ? [word(0), word(1)].map(String) : [...at(96)]];
    })));"""
    )
    found = node("", script, assembled(text))
    a, b = (-1.5, 0.1), (0.3, -0.0)
    assert found["add"] == [x + y for x, y in zip(a, b, strict=True)]
    assert found["sub"] == [x - y for x, y in zip(a, b, strict=True)]
    assert found["mul"] == [x * y for x, y in zip(a, b, strict=True)]
    assert found["gt"] == ["0", str(2**64 - 1)]
    assert found["abs"] == [1.5, 0.1]
    assert found["neg"] == [1.5, -0.1]
    assert found["and"][1] == 0


def test_operations_on_whole_numbers(node):
    ops = {"add": [7, -9], "sub": [7, 9], "and": [60015, 4080], "shl": [3, 7], "shr_u": [-16, 28]}
    expected = {"add": -2, "sub": -2, "and": 60015 & 4080, "shl": 384, "shr_u": 15}
    # The result is where it writes, from 1024 on, eight bytes to a number.
    text = "\n".join(
        f"(func ${op} (param $a i32) (param $b i32) (v128.store"
        f" (i32.add 1024 (i32.shl (i32.{op} $a $b) 3)) (f64x2.splat 1.0)))"
        for op in ops
    )
    script = (
        RUN
        + """tell(Object.fromEntries(Object.entries(%s).map(([name, numbers]) => {
      at(0, 8192).fill(0);
      run[name](...numbers);
      return [name, at(0, 8192).indexOf(1) - 128];
    })));"""
    )
    assert node("", script % ops, assembled(text)) == expected


def test_loops_inside_loops_and_loads(node):
    text = """
    (func $count (param $from i32) (param $most i32) (local $i i32) (local $j i32) (local $s v128)
      (loop $outer
        (local.set $j 0)
        (loop $inner
          (local.set $s (f64x2.add $s (f64x2.splat 1.0)))
          (local.set $j (i32.add $j 1))
          (br_if $inner (i32.ne $j (i32.load16_u offset=2 $from))))
        (local.set $i (i32.add $i 1)) ;; a comment (not code)
        (br_if $outer (i32.lt_u $i $most)))
      (v128.store $from $s))"""
    script = (
        RUN
        + """new Uint16Array(memory.buffer, 64, 3).set([9, 40000, 9]);
    run.count(64, 3);
    const found = [...at(64)];
    new Uint16Array(memory.buffer, 64, 3).set([9, 1, 9]);
    run.count(64, 2);
    tell([found, at(64)]);"""
    )
    assert node("", script, assembled(text)) == [[120000, 120000], [2, 2]]


def test_a_bound_is_unsigned(node):
    text = """(func $once (param $a i32) (local $i i32)
      (loop $again (local.set $i (i32.add $i 16)) (br_if $again (i32.lt_u $a $i)))
      (v128.store $i (f64x2.splat 3.0)))"""
    assert node("", RUN + "run.once(-1); tell(at(16)[0]);", assembled(text)) == 3


def test_the_loops_are_valid_and_take_the_memory(node):
    code = wasm_loops.code()
    script = RUN + "tell([WebAssembly.Module.imports(module), Object.keys(run)]);"
    imports, names = node("", script, base64.b64encode(code).decode())
    assert imports == [{"module": "lab", "name": "memory", "kind": "memory"}]
    assert names == [
        *("fill", "lookUpFour", "lookUp1", "lookUp3", "lanes", "mask", "addActive", "scale")
    ]


# Each loop on the same numbers, by vectors and plainly; all of the memory is compared, so that
# nothing beside the result is written.
BOTH = """const { width, columns, rows } = given, random = generator("wasm", width);
const draw = (count) => random.uniform(-1, 1, count).map((x, i) => (i % 7 ? x : -0));
const parts = {
  out: [Float64Array, rows * width], source: [Float64Array, CHUNK * chunksOf(columns) * width],
  readout: [Float64Array, width], signs: [Uint16Array, rows * chunksOf(columns)],
};
const { arrays, kernels } = inOneMemory(parts), fast = { ...arrays, kernels }, plain = {};
for (const [name, [Kind, length]] of Object.entries(parts)) {
  const bits = () => random.masked(65535);
  fast[name].set(Kind === Uint16Array ? Uint16Array.from({ length }, bits) : draw(length));
}
fast.source.fill(0, columns * width);
const buffer = fast.out.buffer.slice();
for (const name of Object.keys(parts)) {
  plain[name] = new parts[name][0](buffer, fast[name].byteOffset, fast[name].length);
}
plain.kernels = new fast.kernels.constructor(buffer, null);
const outputs = [fast, plain].map(({ kernels, out, source, readout, signs }) => {
  const told = [];
  kernels.addSigned(out, rows, 0.75, source, columns, signs, width);
  for (let row = 0; row < rows; row++) told.push(kernels.output(out, row * width, readout));
  kernels.mask(source, width, out, 2 * width, readout, -0.3);
  kernels.addActive(readout, out, width, 0.7);
  kernels.scale(out, 3 * width, 0.999);
  return told;
});
const words = (from) => new BigUint64Array(from.buffer, 8 * (TABLE + 128)).slice();
const ours = words(fast.out), theirs = words(plain.out);
tell({ vectors: fast.kernels.vectors !== null, same: ours.every((word, i) => word === theirs[i]),
  outputs: outputs[0].every((output, row) => output === outputs[1][row]) });"""


@pytest.mark.parametrize(
    ("width", "columns", "rows"),
    [(32, 3, 5), (64, 16, 3), (129, 41, 4), (300, 50, 6), (1000, 161, 3), (31, 20, 4)],
)
def test_vectors_and_plain_loops_write_the_same_bits(node, width, columns, rows):
    given = {"width": width, "columns": columns, "rows": rows}
    modules = "worker/kernels worker/signed_sums worker/generator"
    assert node(modules, BOTH, given) == {"vectors": True, "same": True, "outputs": True}
