"""Modular addition and division: right answers, right twins."""

from dataclasses import replace

import numpy as np
import pytest

from grokutils.modular.task import OPERATORS, OperatorConfig, answers, pairs, questions, split

SMALL = {op: OperatorConfig(operator=op, modulus=11) for op in OPERATORS}
of_an_operator = pytest.mark.parametrize("config", SMALL.values(), ids=OPERATORS)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("operator", "subtraction"),
        ("modulus", 1),
        ("modulus", 91),
        ("modulus", 97.0),
        ("train_fraction", 0),
        ("train_fraction", 1),
        ("train_fraction", 1e-9),
        ("train_fraction", float("nan")),
        ("width", 0),
        ("n_heads", 3),
        ("n_layers", 0),
        ("embedding_scale", 0),
        ("steps", 0),
        ("patience", 0),
        ("batch_size", 0),
        ("lr", -1),
        ("beta_1", 1),
        ("beta_2", -0.1),
        ("weight_decay", -1),
    ],
)
def test_a_wrong_setting_is_named(field, value):
    with pytest.raises(ValueError, match=f"{field} = {value}".replace(".", r"\.") + "|" + field):
        replace(OperatorConfig(), **{field: value})


def test_the_papers_tables_have_about_9400_pairs():
    sizes = {op: len(pairs(OperatorConfig(operator=op))) for op in OPERATORS}
    assert sizes == {"addition": 97 * 97, "division": 97 * 96}


@of_an_operator
def test_answers_are_those_of_arithmetic(config):
    table = pairs(config)
    assert len({tuple(pair) for pair in table.tolist()}) == len(table)
    for (a, b), c in zip(table, answers(config, table), strict=True):
        assert 0 <= c < 11
        assert (a + b - c if config.operator == "addition" else c * b - a) % 11 == 0


@of_an_operator
def test_a_question_is_a_b_and_a_token_of_its_own(config):
    tokens = questions(config, pairs(config)).numpy()
    assert (tokens[:, :2] == pairs(config)).all()
    assert (tokens[:, 2] == 11).all()


@of_an_operator
def test_a_twin_is_the_swapped_pair_if_it_is_another_one_and_trained_on(config):
    in_train, swapped_in_train = split(config, seed=0)
    trained = {tuple(pair) for pair in pairs(config)[in_train].tolist()}
    assert len(trained) == config.n_train
    expected = [a != b and (b, a) in trained for a, b in pairs(config).tolist()]
    assert (swapped_in_train == expected).all()
    assert 0.3 < swapped_in_train[~in_train].mean() < 0.7


def test_only_addition_gives_both_twins_the_same_answer():
    for operator, config in SMALL.items():
        table = pairs(config)
        table = table[(table[:, 0] != table[:, 1]) & (table > 0).all(axis=1)]
        same = answers(config, table) == answers(config, table[:, ::-1])
        # a / b = b / a where a = -b
        expected = np.ones(len(table)) if operator == "addition" else table.sum(axis=1) == 11
        assert (same == expected).all()


@of_an_operator
def test_a_seed_sets_the_split_and_another_seed_another_one(config):
    first, again, other = (split(config, seed)[0] for seed in (0, 0, 1))
    assert (first == again).all()
    assert (first != other).any()
