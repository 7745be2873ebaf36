"""A decoder-only transformer that answers questions, and how many of its neurons it needs."""

import math

import torch
from torch import nn


class Block(nn.Module):
    """Attend to earlier tokens, then apply an MLP; each reads a normalized copy and adds to `x`.

    ``x + attention(norm(x))``, then ``x + readout(relu(hidden(norm(x))))``. The rows of
    `hidden` are the MLP's neurons.
    """

    def __init__(self, width: int, n_heads: int) -> None:
        super().__init__()
        self.n_heads = n_heads
        self.norm_attention = nn.LayerNorm(width)
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.mix = nn.Linear(width, width, bias=False)
        self.norm_mlp = nn.LayerNorm(width)
        self.hidden = nn.Linear(width, 4 * width)
        self.readout = nn.Linear(4 * width, width)

    def forward(
        self, x: torch.Tensor, last_only: bool = False, kept: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return the block's output (sample, token, width), or that of the last token alone.

        `kept` (neuron,), of ones and zeros, ablates the MLP's neurons that it has at zero.
        """
        start = x.shape[1] - 1 if last_only else 0
        x = x[:, start:] + self.attention(self.norm_attention(x), start)
        activation = self.hidden(self.norm_mlp(x)).relu()  # (sample, token, neuron)
        if kept is not None:
            activation = activation * kept
        return x + self.readout(activation)

    def attention(self, x: torch.Tensor, start: int = 0) -> torch.Tensor:
        """Let each token from `start` on read those up to itself (the causal mask)."""
        query, key, value = (
            part.unflatten(2, (self.n_heads, -1)).transpose(1, 2)  # (sample, head, token, width)
            for part in (self.query(x[:, start:]), self.key(x), self.value(x))
        )
        score = query @ key.transpose(2, 3) / math.sqrt(key.shape[3])
        later = torch.ones(score.shape[2:], dtype=torch.bool, device=x.device).triu(start + 1)
        weight = score.masked_fill(later, -math.inf).softmax(3)
        return self.mix((weight @ value).transpose(1, 2).flatten(2))


class Transformer(nn.Module):
    """Return the logits of the answer to questions of token numbers (sample, token).

    Parameters
    ----------
    n_tokens, n_answers : int
        Tokens that a question is made of, and possible answers.
    length : int
        Tokens a question.
    width, n_layers, n_heads : int
    embedding_scale : float
        Standard deviation of the initial token and position embeddings. All else starts as
        torch initialises it.
    """

    def __init__(
        self,
        n_tokens: int,
        n_answers: int,
        length: int,
        width: int,
        n_layers: int,
        n_heads: int,
        embedding_scale: float,
    ) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.randn(n_tokens, width) * embedding_scale)
        self.position = nn.Parameter(torch.randn(length, width) * embedding_scale)
        self.blocks = nn.ModuleList(Block(width, n_heads) for _ in range(n_layers))
        self.norm = nn.LayerNorm(width)
        self.answer = nn.Linear(width, n_answers, bias=False)

    def forward(
        self,
        questions: torch.Tensor,
        last_only: bool = True,
        kept: dict[int, torch.Tensor] | None = None,
    ) -> torch.Tensor:
        """Return the logits (sample, answer) read at the last token.

        With `last_only` (exact, and cheaper) the last block computes nothing that is not read;
        without it, the logits of every token are returned, (sample, token, answer). `kept` maps
        the number of a block to the neurons that stay.
        """
        kept = kept or {}
        x = self.token[questions] + self.position
        for number, block in enumerate(self.blocks):
            last = last_only and number == len(self.blocks) - 1
            x = block(x, last_only=last, kept=kept.get(number))
        logits = self.answer(self.norm(x))
        return logits[:, -1] if last_only else logits


def top_ten_share(net: Transformer, block: int) -> float:
    """Return the share of an MLP's squared incoming weights that its ten largest neurons hold."""
    squared = net.get_parameter(f"blocks.{block}.hidden.weight").detach().square().sum(1)
    return (squared.sort(descending=True).values[:10].sum() / squared.sum()).item()


@torch.no_grad()
def effective_sparsity(net: Transformer, block: int, questions: torch.Tensor) -> int:
    """Return how many neurons of a block's MLP the network's answers need.

    It is the smallest k such that all questions are answered as before when that MLP's neurons
    are ablated but for the k of largest weight norm, and all else stays. This is the paper's
    definition for its one hidden layer (section 3), with answers for signs.
    """
    weight = net.get_parameter(f"blocks.{block}.hidden.weight")
    order = weight.norm(dim=1).argsort(descending=True, stable=True)
    kept = torch.zeros(len(order), device=questions.device)
    before = torch.cat([net(part).argmax(1) for part in questions.split(1024)])
    parts = torch.arange(len(questions), device=questions.device).split(1024)
    # Exact for all k, but cheap: what was answered otherwise with k neurons is asked first with
    # k + 1, for one neuron more seldom mends it.
    suspects = parts[0][:32]
    for k in range(len(order) + 1):
        kept[order[:k]] = 1
        for part in (suspects, *parts):
            changed = net(questions[part], kept={block: kept}).argmax(1) != before[part]
            if changed.any():
                suspects = part[changed][:32]
                break
        else:
            return k
    return len(order)  # rounding alone can bring us here
