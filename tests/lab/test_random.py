"""The lab's random numbers, under Node, are NumPy's, number by number."""

import numpy as np
import pytest

from grokutils.streams import generator

SOURCE = "worker/generator"
SEEDS = [0, 1, 13, 2**31, 2**32 - 1, 2**32, 2**32 + 5, 2**53 - 1]


@pytest.mark.parametrize("seed", SEEDS)
def test_state_words_and_doubles(node, seed):
    found = node(
        SOURCE,
        """const g = generator("initial weights", given);
        tell({ state: [...g.state], increment: g.increment,
          words: Array.from({ length: 9 }, () => g.word()),
          doubles: Array.from({ length: 9 }, () => g.random()), after: g.word(),
          short: new Generator([given]).state });""",
        seed,
    )
    drawn = generator("initial weights", seed)
    bits = drawn.bit_generator
    inner = bits.state["state"]
    assert words(inner["state"]) == found["state"]
    assert words(inner["inc"]) == found["increment"]
    # Nine words leave half a number, which doubles must pass by and the last word must take.
    assert [int(bits.ctypes.next_uint32(bits.ctypes.state)) for _ in range(9)] == found["words"]
    assert drawn.random(9).tolist() == found["doubles"]
    assert int(bits.ctypes.next_uint32(bits.ctypes.state)) == found["after"]
    assert words(np.random.PCG64([seed]).state["state"]["state"]) == found["short"]


def words(number):
    """Return the four words of 32 bits of a number, the lowest first."""
    return [number >> shift & 0xFFFFFFFF for shift in (0, 32, 64, 96)]


def test_uniforms_in_one_stream_after_another(node):
    script = """const g = generator("initial weights", 7), a = 1 / Math.sqrt(40);
    tell([g.uniform(-a, a, 1001), g.uniform(-0.3, 1.7, 10)]);"""
    drawn = generator("initial weights", 7)
    a = 1 / np.sqrt(40)
    expected = [drawn.uniform(-a, a, 1001).tolist(), drawn.uniform(-0.3, 1.7, 10).tolist()]
    assert node(SOURCE, script) == expected


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 30, 40_000])
def test_bits_and_what_is_drawn_after_them(node, count):
    script = """const g = generator("train set", 3);
    tell([g.bits(given), g.random(), g.bits(3), g.word(), g.bits(9)]);"""
    drawn = generator("train set", 3)

    def bits(size):
        return drawn.integers(0, 2, size, dtype=np.int8).tolist()

    raw = drawn.bit_generator.ctypes
    expected = [bits(count), drawn.random(), bits(3), raw.next_uint32(raw.state), bits(9)]
    assert node(SOURCE, script, count) == expected


@pytest.mark.parametrize(("epochs", "count"), [(40, 1), (40, 2), (40, 3), (7, 1000), (2, 70_000)])
def test_rows_of_permuted_and_a_permutation(node, epochs, count):
    script = """const g = generator("batch order", 2 ** 40 + 1), [epochs, count] = given;
    tell([...Array.from({ length: epochs }, () => g.permutation(count)), [g.word()]]);"""
    drawn = generator("batch order", 2**40 + 1)
    rows = drawn.permuted(np.tile(np.arange(count), (epochs, 1)), axis=1)
    raw = drawn.bit_generator.ctypes
    assert node(SOURCE, script, [epochs, count]) == [*rows.tolist(), [raw.next_uint32(raw.state)]]
    one = node(SOURCE, 'tell(generator("wrong labels", 4).permutation(given));', count)
    assert one == generator("wrong labels", 4).permutation(count).tolist()


# The last two lie on both sides of where NumPy shuffles the tail of the whole population.
@pytest.mark.parametrize(
    ("count", "size"),
    [(1, 1), (5, 0), (5, 5), (1000, 6), (1000, 994), (10_000, 9_000), (20_000, 400), (20_000, 401)],
)
def test_choice_without_replacement(node, count, size):
    script = """tell([0, 1, 2].map((seed) => {
      const g = generator("control set", seed);
      return [g.choice(...given), g.word()];
    }));"""
    for seed, (chosen, after) in enumerate(node(SOURCE, script, [count, size])):
        drawn = generator("control set", seed)
        assert drawn.choice(count, size, replace=False).tolist() == chosen
        raw = drawn.bit_generator.ctypes
        assert raw.next_uint32(raw.state) == after


def test_bounded_integers_reject_what_numpy_rejects(node):
    # Of bounds just above 2^31, half of the words are rejected by masks, nearly half by Lemire.
    script = """const g = generator("bootstrap"), most = given;
    tell([0, 1, 2, 3, 4, 5, 6, 7].map(() => g.bounded(most)));"""
    most = 2**31 + 3
    drawn = generator("bootstrap").integers(0, most, 8, endpoint=True, dtype=np.uint32)
    assert node(SOURCE, script, most) == drawn.tolist()
