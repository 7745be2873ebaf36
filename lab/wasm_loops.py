"""The lab's inner loops in WebAssembly, two neurons at a time.

`signed_sums.js` and `kernels.js` have the same plainly, for browsers without. Every sum is taken
in the same order, so all bits are equal. The table of signed sums begins at address 0: 12 fours of
rows, 16 sums of each, 32 neurons a sum. Sums over neurons have their 128 lanes behind it.
"""

from lab.wasm_assembler import assemble

PAIRS = 16  # of neurons in a block
SUM = 256  # bytes from a table's sum to the next, those of 32 neurons
LANES = 12 * 16 * SUM  # where they begin
END = LANES + 1024  # and end


def _set(name, value):
    return f"(local.set ${name} {value})"


def _locals(kind, *names):
    return " ".join(f"(local ${name} {kind})" for name in names)


def _add(first, *others):
    for other in others:
        first = f"(f64x2.add {first} {other})"
    return first


def _fill():
    """Write the 16 signed sums of each four of rows, for a block of neurons."""
    lows = ["(f64x2.neg $plus)", "$minus", "(f64x2.neg $minus)", "$plus"]
    highs = [("sub", "$Plus"), ("add", "$Minus"), ("sub", "$Minus"), ("add", "$Plus")]
    sums = [
        f"(v128.store offset={SUM * (4 * j + i)} $to (f64x2.{highs[j][0]} {lows[i]} {highs[j][1]}))"
        for j in range(4)
        for i in range(4)
    ]
    rows = ["$from"] + [f"(i32.add $from $by{i})" for i in (1, 2, 3)]
    loads = [_set(name, f"(v128.load {row})") for name, row in zip("abcd", rows, strict=True)]
    return f"""
    (func $fill (param $from i32) (param $by1 i32) (param $fours i32)
      {_locals("i32", "by2", "by3", "to", "end")}
      {_locals("v128", *"abcd", "plus", "minus", "Plus", "Minus")}
      (local.set $by2 (i32.shl $by1 1))
      (local.set $by3 (i32.add $by1 $by2))
      (loop $four
        (local.set $end (i32.add $to {SUM}))
        (loop $pair
          {" ".join(loads)}
          (local.set $plus (f64x2.add $a $b)) (local.set $minus (f64x2.sub $a $b))
          (local.set $Plus (f64x2.add $c $d)) (local.set $Minus (f64x2.sub $c $d))
          {" ".join(sums)}
          (local.set $from (i32.add $from 16))
          (local.set $to (i32.add $to 16))
          (br_if $pair (i32.ne $to $end)))
        (local.set $to (i32.add $to {15 * SUM}))
        (local.set $from (i32.sub (i32.add $from (i32.shl $by1 2)) {SUM}))
        (local.set $fours (i32.sub $fours 1))
        (br_if $four $fours)))"""


def _look_up(name, chunks, fours):
    """For each row, add what its signs find in the table to `scale` times the row of `out`."""
    places = [(chunk, four, 4 * chunk + four) for chunk in range(chunks) for four in range(fours)]
    bits = [f"(i32.load16_u offset={2 * chunk} $signs)" for chunk, *_ in places]
    finds = [
        _set(f"at{n}", f"(i32.shl (i32.and (i32.shr_u {word} {4 * four}) 15) 8)")
        for word, (_, four, n) in zip(bits, places, strict=True)
    ]

    def total(pair):
        here = [f"(v128.load offset={16 * n * SUM + 16 * pair} $at{n})" for _, _, n in places]
        parts = [here[c * fours : (c + 1) * fours] for c in range(chunks)]
        trees = [_add(_add(*p[:2]), _add(*p[2:])) if fours == 4 else p[0] for p in parts]
        return _add(f"(f64x2.mul $keep (v128.load offset={16 * pair} $out))", *trees)

    stores = [f"(v128.store offset={16 * pair} $out {total(pair)})" for pair in range(PAIRS)]
    return f"""
    (func ${name} (param $out i32) (param $end i32) (param $by i32) (param $scale f64)
        (param $signs i32) (param $chunks i32)
      {_locals("i32", *(f"at{n}" for *_, n in places))} (local $keep v128)
      (local.set $keep (f64x2.splat $scale))
      (loop $row
        {" ".join(finds)}
        {" ".join(stores)}
        (local.set $out (i32.add $out $by))
        (local.set $signs (i32.add $signs $chunks))
        (br_if $row (i32.ne $out $end))))"""


# 0.5 (a + |a|), as in kernels.js, is exact too.
RELU = "(f64x2.mul $half (f64x2.add $a (f64x2.abs $a)))"

# Each lane's sum of relu(active) * readout, over every 128th neuron.
SUM_LANES = f"""
    (func $lanes (param $active i32) (param $end i32) (param $readout i32)
      {_locals("i32", "lane", "j", "u")} {_locals("v128", "a", "half", "sum", "zero")}
      (local.set $half (f64x2.splat 0.5))
      (local.set $lane {LANES})
      (loop $lanes
        (local.set $sum $zero) (local.set $j $active) (local.set $u $readout)
        (loop $more
          (local.set $a (v128.load $j))
          (local.set $sum (f64x2.add $sum (f64x2.mul {RELU} (v128.load $u))))
          (local.set $j (i32.add $j 1024)) (local.set $u (i32.add $u 1024))
          (br_if $more (i32.lt_u $j $end)))
        (v128.store $lane $sum)
        (local.set $active (i32.add $active 16)) (local.set $readout (i32.add $readout 16))
        (local.set $lane (i32.add $lane 16))
        (br_if $lanes (i32.ne $lane {END}))))"""


def _each_pair(name, more, body):
    """Do something to pairs of numbers from `to` to `end`, beside those at `active` and `u`."""
    steps = " ".join(_set(i, f"(i32.add ${i} 16)") for i in ("to", "active", "u"))
    return f"""
    (func ${name} (param $to i32) (param $end i32) (param $active i32) (param $u i32)
        (param $by f64) {_locals("v128", "factor", "half", "zero", "a")}
      (local.set $factor (f64x2.splat $by)) (local.set $half (f64x2.splat 0.5))
      (loop $pair
        {more} (v128.store $to {body})
        {steps}
        (br_if $pair (i32.ne $to $end))))"""


ACTIVE = "(local.set $a (v128.load $active))"
TEXT = "\n".join(
    [
        _fill(),
        _look_up("lookUpFour", 1, 1),
        _look_up("lookUp1", 1, 4),
        _look_up("lookUp3", 3, 4),
        SUM_LANES,
        _each_pair(
            "mask",
            ACTIVE,
            "(v128.and (f64x2.mul $factor (v128.load $u)) (f64x2.gt $a $zero))",
        ),
        _each_pair("addActive", ACTIVE, f"(f64x2.add (v128.load $to) (f64x2.mul $factor {RELU}))"),
        _each_pair("scale", "", "(f64x2.mul (v128.load $to) $factor)"),
    ]
)


def code() -> bytes:
    """Return the module, whose functions take addresses and steps in bytes."""
    return assemble(TEXT)
