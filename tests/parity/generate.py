"""Writes what PyTorch says: outputs, losses, gradients, and parameters after updates, in float64, for tests/parity.

    python tests/parity/generate.py

writes layers, activations, losses, optimizers, schedules, networks and trained (.safetensors) beside this file. The committed files were
made with Python 3.11, torch 2.15.0 and safetensors 0.8 on x86-64; all inputs and parameters are numbers that float32 holds exactly, so that
the same files serve the checks in f32.
"""

import math
import pathlib
import sys
import warnings

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

HERE = pathlib.Path(__file__).parent
warnings.filterwarnings("ignore", category=UserWarning)


def draw(*shape, scale=1.0):
    """Normal numbers that float32 holds exactly."""
    return (scale * torch.randn(*shape, dtype=torch.float32)).double()


class File:
    """Tensors by name, `case/tensor`."""

    def __init__(self, name):
        self.name, self.tensors = name, {}
        torch.manual_seed(sum(map(ord, name)))

    def put(self, case, **tensors):
        for name, tensor in tensors.items():
            self.put_one(f"{case}/{name}", tensor)

    def put_one(self, name, tensor):
        assert name not in self.tensors, name
        tensor = torch.as_tensor(tensor)
        if tensor.is_floating_point():
            assert torch.isfinite(tensor).all(), name
        self.tensors[name] = tensor.detach().double().clone().contiguous()

    def save(self):
        path = HERE / f"{self.name}.safetensors"
        save_file(self.tensors, path)
        print(f"{path.name}: {len(self.tensors)} tensors, {path.stat().st_size} bytes")


def fill(module):
    """Parameters and statistics that float32 holds exactly, none at its usual start."""
    for key, tensor in module.state_dict().items():
        if key.endswith("running_var"):
            tensor.copy_(torch.rand(tensor.shape).double() + 0.5)
        elif tensor.is_floating_point():
            tensor.copy_(draw(*tensor.shape, scale=1 / math.sqrt(max(1, tensor[0].numel())) if tensor.dim() > 1 else 1.0))


def run(file, case, module, x, weigh):
    """Records a module on a batch: parameters, the output in use, the output while training, its gradients, the state afterwards.

    `weigh(y)` gives the scalar whose gradients are taken."""
    module = module.double()
    fill(module)
    for key, tensor in module.state_dict().items():
        file.put_one(f"{case}/before/{key}", tensor)
    module.eval()
    file.put(case, x=x, inferred=module(x))
    module.train()
    x = x.clone().requires_grad_()
    y = module(x)
    y.retain_grad()
    weigh(y).backward()
    file.put(case, y=y, dy=y.grad, dx=x.grad)
    for key, parameter in module.named_parameters():
        file.put_one(f"{case}/gradient/{key}", parameter.grad)
    for key, tensor in module.named_buffers():
        file.put_one(f"{case}/after/{key}", tensor)


def padded(kind, pad):
    """A convolution or pool of this class that pads each side by itself, like `F.pad`."""

    class Padded(kind):
        def forward(self, x):
            return super().forward(F.pad(x, pad))

    return Padded


def every(kind, *sizes, **options):
    """A recurrent layer over batches of [time, features] that gives its states after every step."""

    class Every(kind):
        def forward(self, x):
            return super().forward(x)[0]

    return Every(*sizes, batch_first=True, **options)


def last(kind, *sizes, **options):
    """The same that gives the last state: `h_n` of the last layer, its directions side by side."""

    class Last(kind):
        def forward(self, x):
            h = super().forward(x)[1]
            h = h[0] if isinstance(h, tuple) else h
            return torch.cat(list(h[-2 if self.bidirectional else -1 :]), -1)

    return Last(*sizes, batch_first=True, **options)


class Take(nn.Module):
    """A function without parameters."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class HardSigmoid(nn.Module):
    """By definition: the gradient of `F.hardsigmoid` holds 1/6 in float32 only."""

    def forward(self, z):
        return (z / 6 + 0.5).clamp(0, 1)


class HardSwish(nn.Module):
    """By definition, as `HardSigmoid`."""

    def forward(self, z):
        return z * (z / 6 + 0.5).clamp(0, 1)


class SELU(nn.Module):
    """By definition: `F.selu` has its constants in float32 digits."""

    def forward(self, z):
        scale, alpha = 1.0507009873554805, 1.6732632423543772
        return scale * torch.where(z > 0, z, alpha * torch.expm1(z))


def layers():
    file = File("layers")

    def layer(case, module, *shape, batch=3):
        x = draw(batch, *shape)
        dy = None

        def weigh(y):
            nonlocal dy
            dy = draw(*y.shape)
            return (dy * y).sum()

        run(file, case, module, x, weigh)

    layer("dense", nn.Linear(5, 4), 5)
    layer("dense_wide", nn.Linear(37, 11), 37, batch=5)
    layer("dense_no_bias", nn.Linear(7, 3, bias=False), 7)
    layer("conv1d", nn.Conv1d(2, 3, 3), 2, 9)
    layer("conv1d_causal_dilated", padded(nn.Conv1d, (4, 0))(2, 5, 3, dilation=2), 2, 12)
    layer("conv1d_groups_stride", nn.Conv1d(4, 6, 3, stride=2, groups=2), 4, 13)
    layer("conv1d_no_bias", nn.Conv1d(3, 4, 4, stride=3, padding=2, bias=False), 3, 11)
    layer("conv2d", nn.Conv2d(2, 3, (2, 3)), 2, 4, 7)
    layer("conv2d_same", nn.Conv2d(3, 5, 3, padding=1), 3, 4, 4)
    layer("conv2d_same_even", padded(nn.Conv2d, (1, 2, 1, 2))(1, 2, 4), 1, 6, 6)
    layer("conv2d_groups_stride", nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2), 4, 5, 5)
    layer("conv2d_dilation", nn.Conv2d(1, 2, 3, dilation=(2, 3)), 1, 8, 9)
    layer("conv2d_no_bias", nn.Conv2d(6, 5, 1, bias=False), 6, 4, 4)
    layer("depthwise_conv2d", nn.Conv2d(3, 3, 3, padding=1, groups=3), 3, 4, 6)
    layer("depthwise_conv2d_two", nn.Conv2d(2, 4, 3, stride=2, padding=1, groups=2, bias=False), 2, 7, 9)
    layer("max_pool1d", nn.MaxPool1d(2), 3, 9)
    layer("max_pool1d_padded", nn.MaxPool1d(3, stride=2, padding=1), 2, 8)
    layer("max_pool2d", nn.MaxPool2d(2), 3, 6, 8)
    layer("max_pool2d_overlapping", nn.MaxPool2d(3, stride=2, padding=1), 2, 7, 6)
    layer("max_pool2d_dilated", nn.MaxPool2d((3, 2), stride=1, dilation=(2, 1)), 2, 7, 5)
    layer("avg_pool1d", nn.AvgPool1d(2), 3, 8)
    layer("avg_pool1d_padded", nn.AvgPool1d(3, stride=2, padding=1), 2, 9)
    layer("avg_pool2d", nn.AvgPool2d(2), 3, 6, 8)
    layer("avg_pool2d_padded", nn.AvgPool2d((3, 2), stride=2, padding=1), 2, 7, 6)
    layer("global_avg_pool1d", nn.Sequential(nn.AdaptiveAvgPool1d(1), nn.Flatten()), 3, 7)
    layer("global_avg_pool2d", nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), 4, 3, 5)
    layer("batch_norm", nn.BatchNorm1d(4), 4, batch=6)
    layer("batch_norm1d", nn.BatchNorm1d(3, eps=1e-3, momentum=0.3), 3, 5)
    layer("batch_norm2d", nn.BatchNorm2d(2), 2, 4, 3)
    layer("layer_norm", nn.LayerNorm(7), 7)
    layer("layer_norm2d", nn.LayerNorm((2, 3, 4), eps=1e-3), 2, 3, 4)
    layer("dense_large", nn.Linear(67, 43), 67, batch=21)
    layer("conv1d_large", nn.Conv1d(9, 17, 5, padding=2), 9, 37, batch=2)
    layer("conv2d_large", nn.Conv2d(8, 12, 3, padding=1), 8, 9, 11, batch=2)
    layer("depthwise_conv2d_large", nn.Conv2d(9, 18, 3, padding=1, groups=9), 9, 8, 9, batch=2)
    layer("repeat", nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4)), 4)
    for word, kind in [("rnn", nn.RNN), ("gru", nn.GRU), ("lstm", nn.LSTM)]:
        layer(word, every(kind, 3, 5), 7, 3)
        layer(f"{word}_last", last(kind, 3, 5), 7, 3)
        layer(f"{word}_both_ways", every(kind, 3, 5, bidirectional=True), 6, 3)
        layer(f"{word}_both_ways_last", last(kind, 3, 5, bidirectional=True), 6, 3)
        layer(f"{word}_stacked", every(kind, 4, 3, num_layers=3), 5, 4)
        layer(f"{word}_stacked_both_ways_last", last(kind, 4, 3, num_layers=2, bidirectional=True), 5, 4)
        layer(f"{word}_no_bias", every(kind, 2, 4, bias=False), 4, 2)
        layer(f"{word}_large", every(kind, 10, 32), 24, 10, batch=5)
    layer("last", Take(lambda x: x[:, -1]), 5, 3)
    layer("mean_of_steps", Take(lambda x: x.mean(1)), 5, 3)
    layer("transpose", Take(lambda x: x.transpose(1, 2)), 5, 3)
    layer("rnn_rectified", every(nn.RNN, 3, 5, nonlinearity="relu"), 4, 3)
    file.save()


def activations():
    file = File("activations")
    wide = torch.cat([torch.linspace(-8, 8, 32), torch.tensor([-30.0, -15.5, 15.5, 30.0])]).double()
    spread = torch.stack([draw(6), draw(6, scale=4.0), draw(6, scale=20.0), (draw(6) + 100).float().double()])
    for case, f in {
        "identity": lambda z: z * 1.0,
        "relu": F.relu,
        "relu6": F.relu6,
        "leaky_relu": F.leaky_relu,
        "leaky_relu_steep": lambda z: F.leaky_relu(z, 0.2),
        "elu": F.elu,
        "elu_half": lambda z: F.elu(z, 0.5),
        "hard_sigmoid": HardSigmoid(),
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "softplus": lambda z: F.softplus(z, threshold=100.0),
        "gelu": F.gelu,
        "gelu_tanh": lambda z: F.gelu(z, approximate="tanh"),
        "silu": F.silu,
        "hard_swish": HardSwish(),
        "mish": F.mish,
        "softsign": F.softsign,
        "selu": SELU(),
        "softmax": lambda z: F.softmax(z, 1),
        "log_softmax": lambda z: F.log_softmax(z, 1),
    }.items():
        z = (spread if "softmax" in case else wide.unsqueeze(0)).clone().requires_grad_()
        y = f(z)
        dy = draw(*y.shape)
        y.backward(dy)
        file.put(case, z=z, y=y, dy=dy, dz=z.grad)
    file.save()


def losses():
    file = File("losses")
    n, classes = 5, 4
    weights = torch.tensor([0.5, 2.0, 1.0, 0.25, 1.5]).double()
    class_weights = torch.tensor([0.5, 2.0, 1.0, 3.0]).double()
    index = torch.tensor([2, 0, 3, 3, 1])
    distribution = draw(n, classes).softmax(1).float().double()
    logits = draw(n, classes, scale=2.0)
    logits[4] *= 20

    def loss(case, y, target, value):
        y = y.clone().requires_grad_()
        value = value(y, target)
        value.backward()
        file.put(case, y=y, target=target, loss=value, dy=y.grad)

    def reductions(case, y, target, each, share=None):
        """`each` gives the loss of each sample; `share` what it counts in the mean."""
        share = torch.ones(n).double() if share is None else share
        loss(f"{case}_sum", y, target, lambda y, t: each(y, t).sum())
        loss(f"{case}_weighted", y, target, lambda y, t: (weights * each(y, t)).sum() / (weights * share).sum())

    def elements(f, **options):
        return lambda y, t: f(y, t, reduction="none", **options).flatten(1).mean(1)

    image, aim = draw(n, 2, 3), draw(n, 2, 3)
    for case, f, options in [("squared", F.mse_loss, {}), ("absolute", F.l1_loss, {}), ("huber", F.huber_loss, {"delta": 0.75})]:
        loss(case, image, aim, lambda y, t: f(y, t, **options))
        reductions(case, image, aim, elements(f, **options))
    half = lambda y, t: 0.5 * F.mse_loss(y, t, reduction="none").flatten(1).sum(1)
    loss("half_squared", image, aim, lambda y, t: half(y, t).mean())
    reductions("half_squared", image, aim, half)

    for name, options in [
        ("", {}),
        ("_smoothed", {"label_smoothing": 0.1}),
        ("_class_weights", {"weight": class_weights}),
        ("_both", {"label_smoothing": 0.2, "weight": class_weights}),
    ]:
        for kind, target in [("class", index), ("distribution", distribution)]:
            case = f"cross_entropy_{kind}{name}"
            loss(case, logits, target, lambda y, t: F.cross_entropy(y, t, **options))
            share = class_weights[index] if kind == "class" and "weight" in options else None
            reductions(case, logits, target, lambda y, t: F.cross_entropy(y, t, reduction="none", **options), share)

    likely = logits.clone()
    likely[4] /= 20
    probabilities = likely.softmax(1).float().double()
    log_probabilities = likely.log_softmax(1).float().double()
    loss("cross_entropy_of_probabilities_class", probabilities, index, lambda y, t: F.nll_loss(y.log(), t))
    loss("cross_entropy_of_probabilities_distribution", probabilities, distribution, lambda y, t: -(t * y.log()).sum(1).mean())
    loss("negative_log_likelihood_class", log_probabilities, index, F.nll_loss)
    loss("negative_log_likelihood_distribution", log_probabilities, distribution, lambda y, t: -(t * y).sum(1).mean())

    yes = torch.tensor([[1.0, 0.0, 0.25, 1.0]] * n).double()
    pos_weight = torch.tensor([3.0, 0.5, 1.0, 8.0]).double()
    for name, options in [
        ("", {}),
        ("_pos_weight", {"pos_weight": pos_weight}),
        ("_label_weights", {"weight": class_weights}),
        ("_both", {"pos_weight": pos_weight, "weight": class_weights}),
    ]:
        case = f"binary_cross_entropy{name}"
        loss(case, logits, yes, lambda y, t: F.binary_cross_entropy_with_logits(y, t, **options))
        reductions(case, logits, yes, elements(F.binary_cross_entropy_with_logits, **options))
    chances = likely.sigmoid().float().double()
    chances[0, 0], chances[0, 1] = 1.0, 0.0  # rightly certain: no infinity times 0
    loss("binary_cross_entropy_of_probabilities", chances, yes, F.binary_cross_entropy)

    loss("hinge_class", likely, index, F.multi_margin_loss)
    sign = torch.where(draw(n, classes) > 0, 1.0, -1.0).double()
    loss("hinge", likely, sign, lambda y, t: (1 - t * y).clamp(min=0).mean())
    file.save()


def optimizers():
    file = File("optimizers")
    x, target = draw(6, 4), draw(6, 4)
    start = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4)).double()
    fill(start)
    file.put("start", x=x, target=target)
    for key, tensor in start.state_dict().items():
        file.put_one(f"start/{key}", tensor)
    o = torch.optim
    for case, make in {
        "sgd": lambda p: o.SGD(p, lr=0.05),
        "sgd_decay": lambda p: o.SGD(p, lr=0.05, weight_decay=0.1),
        "momentum": lambda p: o.SGD(p, lr=0.05, momentum=0.9),
        "momentum_decay": lambda p: o.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.1),
        "momentum_dampening": lambda p: o.SGD(p, lr=0.05, momentum=0.8, dampening=0.3),
        "nesterov": lambda p: o.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
        "nesterov_decay": lambda p: o.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.1),
        "adagrad": lambda p: o.Adagrad(p),
        "adagrad_options": lambda p: o.Adagrad(p, lr=0.1, lr_decay=0.05, weight_decay=0.1, initial_accumulator_value=0.2, eps=1e-6),
        "rms_prop": lambda p: o.RMSprop(p),
        "rms_prop_options": lambda p: o.RMSprop(p, lr=0.02, alpha=0.9, eps=1e-6, weight_decay=0.1),
        "rms_prop_momentum": lambda p: o.RMSprop(p, lr=0.005, momentum=0.9, weight_decay=0.1),
        "adam": lambda p: o.Adam(p),
        "adam_options": lambda p: o.Adam(p, lr=0.05, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1),
        "adam_w": lambda p: o.AdamW(p),
        "adam_w_options": lambda p: o.AdamW(p, lr=0.05, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.3),
        "clip_norm": lambda p: o.SGD(p, lr=0.05, momentum=0.9),
        "clip_value": lambda p: o.SGD(p, lr=0.05, momentum=0.9),
        "scheduled": lambda p: o.SGD(p, lr=0.05, momentum=0.9),
    }.items():
        net = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4)).double()
        net.load_state_dict(start.state_dict())
        optimizer = make(net.parameters())
        schedule = o.lr_scheduler.CosineAnnealingLR(optimizer, T_max=20, eta_min=0.05 * 0.1) if case == "scheduled" else None
        clipped = 0
        for _ in range(20):
            optimizer.zero_grad()
            F.mse_loss(net(x), target).backward()
            if case == "clip_norm":
                clipped += nn.utils.clip_grad_norm_(net.parameters(), 0.5).item() > 0.5
            if case == "clip_value":
                clipped += any((p.grad.abs() > 0.1).any() for p in net.parameters())
                nn.utils.clip_grad_value_(net.parameters(), 0.1)
            optimizer.step()
            if schedule:
                schedule.step()
        assert not case.startswith("clip") or 0 < clipped, case
        for key, tensor in net.state_dict().items():
            file.put_one(f"{case}/{key}", tensor)
    file.save()


def schedules():
    file = File("schedules")
    o = torch.optim
    s = o.lr_scheduler
    plateau = [5.0, 4.0, 3.9999, 3.99, 3.9899, 3.9898, 3.99, 4.1, 3.0, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6, 3.7, 3.8, 3.9, 2.0, 2.1, 2.2, 2.3, 2.4, 2.5]
    n = len(plateau)
    file.put("plateau_losses", losses=torch.tensor(plateau).double())
    for case, make in {
        "step_decay": lambda p: s.StepLR(p, 3, 0.5),
        "exponential": lambda p: s.ExponentialLR(p, 0.9),
        "cosine_annealing": lambda p: s.CosineAnnealingLR(p, n),
        "cosine_annealing_minimum": lambda p: s.CosineAnnealingLR(p, n, eta_min=0.05),
        "warmup": lambda p: s.LinearLR(p, start_factor=1 / 6, total_iters=5),
        "warmup_cosine": lambda p: s.SequentialLR(
            p, [s.LinearLR(p, start_factor=1 / 6, total_iters=5), s.CosineAnnealingLR(p, n - 6, eta_min=0.1)], milestones=[6]
        ),
        "plateau": lambda p: s.ReduceLROnPlateau(p, factor=0.5, patience=2),
        "plateau_options": lambda p: s.ReduceLROnPlateau(p, factor=0.2, patience=1, threshold=0.01, cooldown=3, min_lr=0.01),
    }.items():
        optimizer = o.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        schedule = make(optimizer)
        factors = []
        for i in range(n):
            factors.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step(*([plateau[i]] if case.startswith("plateau") else []))
        assert len(set(factors)) > 2, (case, factors)
        file.put(case, factors=torch.tensor(factors, dtype=torch.float64))
    file.save()


class Residual(nn.Module):
    """`main(x) + skip(x)`; main's layers are its own fields, as in the declaration."""

    def __init__(self, main, skip=None):
        super().__init__()
        self.order = []
        for name, module in main:
            self.add_module(name, module)
            self.order.append(name)
        if skip is not None:
            self.skip = nn.Module()
            for name, module in skip:
                self.skip.add_module(name, module)
            self.skip_order = [name for name, _ in skip]

    def forward(self, x):
        y = x
        for name in self.order:
            y = getattr(self, name)(y)
        side = x
        if hasattr(self, "skip"):
            for name in self.skip_order:
                side = getattr(self.skip, name)(side)
        return y + side


class Concat(nn.Module):
    def __init__(self, **branches):
        super().__init__()
        for name, branch in branches.items():
            self.add_module(name, branch)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.children()], 1)


def chain(*layers):
    """Layers in order, as `(name, module)`; modules without a name have no parameters."""
    sequence = nn.Sequential()
    for i, layer in enumerate(layers):
        name, module = layer if isinstance(layer, tuple) else (f"_{i}", layer)
        sequence.add_module(name, module)
    return sequence


def networks():
    file = File("networks")

    def network(case, module, *shape, classes, batch=4):
        x, target = draw(batch, *shape), torch.arange(batch) * 7 % classes
        file.put(case, target=target)

        def weigh(y):
            loss = F.cross_entropy(y, target)
            file.put(case, loss=loss)
            return loss

        run(file, case, module, x, weigh)

    network(
        "mlp",
        chain(("fc1", nn.Linear(6, 9)), nn.Tanh(), ("fc2", nn.Linear(9, 8)), nn.GELU(), ("fc3", nn.Linear(8, 7)), nn.Sigmoid(),
              ("norm", nn.LayerNorm(7)), ("logits", nn.Linear(7, 3))),
        6, classes=3,
    )  # fmt: skip
    network(
        "lenet",
        chain(("conv1", nn.Conv2d(1, 4, 3, bias=False)), ("norm1", nn.BatchNorm2d(4)), nn.ReLU(), nn.MaxPool2d(2),
              ("conv2", nn.Conv2d(4, 6, 3, padding=1)), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
              ("fc1", nn.Linear(24, 12)), ("norm2", nn.BatchNorm1d(12)), nn.ReLU(), ("logits", nn.Linear(12, 10))),
        1, 10, 10, classes=10,
    )  # fmt: skip
    network(
        "residual",
        chain(("stem", nn.Conv2d(2, 4, 3, padding=1)), nn.ReLU(),
              ("block1", Residual([("conv1", nn.Conv2d(4, 4, 3, padding=1)), ("norm1", nn.BatchNorm2d(4)), ("act", nn.ReLU()),
                                   ("conv2", nn.Conv2d(4, 4, 3, padding=1)), ("norm2", nn.BatchNorm2d(4))])), nn.ReLU(),
              ("block2", Residual([("conv1", nn.Conv2d(4, 6, 3, stride=2, padding=1)), ("act", nn.SiLU()),
                                   ("conv2", nn.Conv2d(6, 6, 3, padding=1))],
                                  [("conv", nn.Conv2d(4, 6, 1, stride=2))])), nn.ReLU(),
              nn.AdaptiveAvgPool2d(1), nn.Flatten(), ("logits", nn.Linear(6, 5))),
        2, 5, 5, classes=5,
    )  # fmt: skip
    network(
        "depthwise",
        chain(("wide", nn.Conv2d(3, 4, 3, stride=2, padding=1, bias=False)), ("norm", nn.BatchNorm2d(4)), nn.ReLU6(),
              ("depth", nn.Conv2d(4, 8, 3, padding=1, groups=4)), nn.LeakyReLU(0.2), ("point", nn.Conv2d(8, 5, 1)), nn.ELU(),
              nn.AvgPool2d(2), nn.Flatten(), ("logits", nn.Linear(20, 4))),
        3, 7, 7, classes=4,
    )  # fmt: skip
    network(
        "causal",
        chain(("conv1", padded(nn.Conv1d, (2, 0))(2, 4, 3)), nn.Softplus(), ("conv2", padded(nn.Conv1d, (4, 0))(4, 4, 3, dilation=2)),
              HardSigmoid(), ("conv3", nn.Conv1d(4, 6, 3, stride=2, groups=2)), nn.GELU(approximate="tanh"), nn.MaxPool1d(2),
              nn.Flatten(), ("logits", nn.Linear(12, 3))),
        2, 10, classes=3,
    )  # fmt: skip
    network(
        "branches",
        chain(("parts", Concat(a=chain(("conv", nn.Conv2d(2, 3, 1)), nn.ReLU()),
                               b=chain(("conv1", nn.Conv2d(2, 2, 1)), nn.Tanh(), ("conv2", nn.Conv2d(2, 4, 3, padding=1))))),
              nn.Flatten(), ("fc", nn.Linear(112, 6)), nn.ReLU(),
              ("blocks", nn.Sequential(chain(("fc", nn.Linear(6, 6)), nn.Tanh()), chain(("fc", nn.Linear(6, 6)), nn.Tanh()))),
              ("logits", nn.Linear(6, 4))),
        2, 4, 4, classes=4,
    )  # fmt: skip
    file.save()


def trained():
    """A network after 20 updates on batches of 4, 4 and 3 of 11 samples, in their order."""
    file = File("trained")
    o, s = torch.optim, torch.optim.lr_scheduler
    x, target, weight = draw(11, 1, 6, 6), torch.arange(11) * 5 % 4, (torch.rand(11) + 0.5).double()

    def make():
        return chain(("conv1", nn.Conv2d(1, 3, 3)), nn.ReLU(), ("norm", nn.BatchNorm2d(3)), nn.MaxPool2d(2), nn.Flatten(),
                     ("fc", nn.Linear(12, 6)), nn.Tanh(), ("logits", nn.Linear(6, 4))).double()  # fmt: skip

    start = make()
    fill(start)
    file.put("start", x=x, target=target, weight=weight)
    for key, tensor in start.state_dict().items():
        file.put_one(f"start/{key}", tensor)

    def train(case, optimizer, schedule=None, by_epoch=False, norm=None, weights=False, frozen=(), loss=F.cross_entropy):
        net = make()
        net.load_state_dict(start.state_dict())
        for key, parameter in net.named_parameters():
            parameter.requires_grad = not key.startswith(frozen) if frozen else True
        optimizer = optimizer(net)
        schedule = schedule(optimizer) if schedule else None
        for step in range(20):
            batch = slice(step % 3 * 4, min(step % 3 * 4 + 4, 11))
            optimizer.zero_grad()
            y = net(x[batch])
            if weights:
                each = loss(y, target[batch], reduction="none")
                (weight[batch] * each).sum().div(weight[batch].sum()).backward()
            else:
                loss(y, target[batch]).backward()
            if norm:
                nn.utils.clip_grad_norm_(net.parameters(), norm)
            optimizer.step()
            if schedule and (not by_epoch or step % 3 == 2):
                schedule.step()
        for key, tensor in net.state_dict().items():
            file.put_one(f"{case}/{key}", tensor)

    train("sgd", lambda net: o.SGD(net.parameters(), lr=0.1))
    train("momentum_exponential", lambda net: o.SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
          lambda p: s.ExponentialLR(p, 0.8), by_epoch=True)  # fmt: skip
    train("adam_cosine", lambda net: o.Adam(net.parameters(), lr=0.02), lambda p: s.CosineAnnealingLR(p, 20))
    train("adam_w_warmup_clip", lambda net: o.AdamW(net.parameters(), lr=0.02), lambda p: s.LinearLR(p, 1 / 6, total_iters=5), norm=0.5)
    train("rms_prop_weights", lambda net: o.RMSprop(net.parameters(), lr=0.005), weights=True)
    train("adagrad_frozen", lambda net: o.Adagrad([p for p in net.parameters() if p.requires_grad], lr=0.05), frozen=("conv1",))
    train("rates_by_part",
          lambda net: o.SGD([{"params": [p for k, p in net.named_parameters() if not k.startswith("fc")]},
                             {"params": list(net.fc.parameters()), "lr": 0.02}], lr=0.2))  # fmt: skip
    decayed = lambda net, holds: [p for k, p in net.named_parameters() if holds(k, p)]
    train("decay_on_weights_alone",
          lambda net: o.AdamW([{"params": decayed(net, lambda k, p: p.ndim > 1)},
                               {"params": decayed(net, lambda k, p: p.ndim < 2), "weight_decay": 0.0}], lr=0.02, weight_decay=0.5))  # fmt: skip
    train("decay_by_part",
          lambda net: o.SGD([{"params": decayed(net, lambda k, p: not k.startswith("fc"))},
                             {"params": [net.fc.weight], "weight_decay": 0.3},
                             {"params": [net.fc.bias], "weight_decay": 0.0}], lr=0.1, momentum=0.9, weight_decay=0.01))  # fmt: skip
    train("smoothed", lambda net: o.Adam(net.parameters(), lr=0.02),
          loss=lambda y, t, **options: F.cross_entropy(y, t, label_smoothing=0.1, **options))  # fmt: skip
    file.save()


if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}, torch {torch.__version__}")
    torch.set_num_threads(1)
    for part in (layers, activations, losses, optimizers, schedules, networks, trained):
        part()
