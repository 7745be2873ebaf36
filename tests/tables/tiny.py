"""The network on which the tables are tried: a tiny one, that groks in a blink."""

from grokutils.parity.config import TrainConfig
from grokutils.parity.race import network, race, train_epochs
from grokutils.parity.task import ParityTask

TINY = TrainConfig(
    task=ParityTask(n_bits=12, k_relevant=2, n_train=90, n_test=60), width=40, epochs=120
)

SEED = 9001


def raced(config, **options):
    net = network(config, SEED)
    return race(net, train_epochs(net, config), **options)
