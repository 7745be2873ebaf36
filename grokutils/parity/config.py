"""What a training run is set by; the defaults are the paper's."""

import math
from dataclasses import dataclass, field, fields, replace
from typing import Any

from grokutils.check import check_choice, check_integer, check_number
from grokutils.parity.task import ParityTask

# By their codes in compiled code, which is kept on disk: a number once given is not given anew.
LOSSES = {"hinge": 0, "logistic": 1, "squared": 2}
OPTIMIZERS = ("sgd", "adamw")


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """Set one training run; the defaults are the paper's (section 2, appendix B).

    Parameters
    ----------
    task : ParityTask
    width : int
        Number of neurons, p.
    epochs : int
        Passes over the training set.
    batch_size : int
        Examples per step; the last batch of an epoch may be smaller.
    lr : float
        Constant learning rate.
    weight_decay : float
        λ of the gradient λθ of (λ/2)‖θ‖², on all parameters. The paper writes λ‖θ‖; its code
        uses torch's weight decay, which is this.
    loss : {"hinge", "logistic", "squared"}
        Of the margin: max(0, 1 - m), log(1 + exp(-m)), (1 - m)².
    optimizer : {"sgd", "adamw"}
        Without momentum, or AdamW with torch's defaults, whose weight decay is decoupled.
    initial_scale : float
        α, by which all initial weights are multiplied.
    dtype : {"float64", "float32"}
        float64, since rounding in float32 grows until two machines disagree in every digit.

    Raises
    ------
    ValueError
        Naming the field that is out of range.
    """

    task: ParityTask = field(default_factory=ParityTask)
    width: int = 1000
    epochs: int = 300
    batch_size: int = 32
    lr: float = 0.1
    weight_decay: float = 0.01
    loss: str = "hinge"
    optimizer: str = "sgd"
    initial_scale: float = 1.0
    dtype: str = "float64"

    def __post_init__(self):
        if not isinstance(self.task, ParityTask):
            raise ValueError(f"task = {self.task!r}: must be a ParityTask")
        check_integer("width", self.width, at_least=1)
        check_integer("epochs", self.epochs, at_least=1)
        check_integer("batch_size", self.batch_size, at_least=1)
        check_number("lr", self.lr, above=0)
        check_number("weight_decay", self.weight_decay, at_least=0)
        check_choice("loss", self.loss, LOSSES)
        check_choice("optimizer", self.optimizer, OPTIMIZERS)
        check_number("initial_scale", self.initial_scale, above=0)
        check_choice("dtype", self.dtype, ("float64", "float32"))


def configure(config: TrainConfig, *, steps: int | None = None, **changes: Any) -> TrainConfig:
    """Return a `TrainConfig` with some fields changed, its own or its task's.

    `steps` sets the epochs to as many as hold that many steps, whatever the size of the
    training set and of the batch.
    """
    of_task = {f.name: changes.pop(f.name) for f in fields(config.task) if f.name in changes}
    config = replace(config, task=replace(config.task, **of_task), **changes)
    if steps is None:
        return config
    steps_per_epoch = math.ceil(config.task.n_train / config.batch_size)
    return replace(config, epochs=math.ceil(steps / steps_per_epoch))
