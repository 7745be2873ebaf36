"""The transformer: what a token may see, and what it costs to leave neurons out."""

import pytest
import torch

from grokutils.modular.model import Transformer, effective_sparsity, top_ten_share

N_TOKENS, N_ANSWERS, LENGTH, WIDTH = 7, 5, 3, 16
NEURONS = 4 * WIDTH


@pytest.fixture
def net():
    torch.manual_seed(0)
    return Transformer(N_TOKENS, N_ANSWERS, LENGTH, WIDTH, n_layers=2, n_heads=4, embedding_scale=1)


@pytest.fixture
def questions():
    return torch.cartesian_prod(*[torch.arange(N_TOKENS)] * LENGTH)


def test_a_token_sees_itself_and_earlier_ones_but_no_later_one(net, questions):
    for changed in range(LENGTH):
        others = questions.clone()
        others[:, changed] = (others[:, changed] + 1) % N_TOKENS
        with torch.no_grad():
            before, after = (net(x, last_only=False) for x in (questions, others))
        assert torch.equal(before[:, :changed], after[:, :changed])
        assert (before[:, changed:] != after[:, changed:]).any(dim=2).all()  # else vacuous


def test_reading_the_last_token_alone_gives_its_logits_and_gradients(net, questions):
    net.double()
    found = []
    for last_only in (True, False):
        logits = net(questions, last_only=last_only)
        logits = logits if last_only else logits[:, -1]
        assert logits.shape == (len(questions), N_ANSWERS)
        weights = list(net.parameters())
        found.append([logits, *torch.autograd.grad(logits.square().mean(), weights)])
    for quick, full in zip(*found, strict=True):
        torch.testing.assert_close(quick, full, rtol=1e-10, atol=1e-12)


def test_its_attention_is_that_of_torch(net):
    block = net.blocks[0]
    x = torch.randn(10, LENGTH, WIDTH)
    torchs = torch.nn.MultiheadAttention(WIDTH, block.n_heads, bias=False, batch_first=True)
    parts = (block.query.weight, block.key.weight, block.value.weight)
    with torch.no_grad():
        torchs.in_proj_weight.copy_(torch.cat(parts))
        torchs.out_proj.weight.copy_(block.mix.weight)
    mask = torch.nn.Transformer.generate_square_subsequent_mask(LENGTH)
    expected, _ = torchs(x, x, x, attn_mask=mask)
    torch.testing.assert_close(block.attention(x), expected)


@pytest.mark.parametrize("block", [0, 1])
def test_ablating_neurons_equals_deleting_their_readout(net, questions, block):
    kept = (torch.arange(NEURONS) % 3 == 0).float()
    ablated = net(questions, kept={block: kept})
    assert not torch.allclose(ablated, net(questions))
    with torch.no_grad():
        net.blocks[block].readout.weight.mul_(kept)
    torch.testing.assert_close(ablated, net(questions))


@pytest.mark.parametrize("block", [0, 1])
def test_effective_sparsity_is_the_smallest_k_that_changes_no_answer(net, questions, block):
    with torch.no_grad():  # a few large neurons, so that the answer is not the width
        net.blocks[block].hidden.weight[10:] *= 1e-3
        net.blocks[block].hidden.bias[10:] *= 1e-3
        order = net.blocks[block].hidden.weight.norm(dim=1).argsort(descending=True)
        answers = net(questions).argmax(1)
        agrees = []
        for k in range(NEURONS + 1):
            kept = torch.zeros(NEURONS)
            kept[order[:k]] = 1
            agrees.append(torch.equal(net(questions, kept={block: kept}).argmax(1), answers))
    found = effective_sparsity(net, block, questions)
    assert found == agrees.index(True)
    assert 0 < found < NEURONS


def test_the_top_ten_share_is_that_of_the_largest_neurons(net):
    with torch.no_grad():
        net.blocks[1].hidden.weight.fill_(1)
    assert top_ten_share(net, 1) == pytest.approx(10 / NEURONS)
    with torch.no_grad():
        net.blocks[1].hidden.weight[3:-7] = 0
    assert top_ten_share(net, 1) == pytest.approx(1)
