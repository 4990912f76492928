"""Answers to solutions/en/04_non_scalar_backward."""

import torch
from torch.autograd import gradcheck

from tests.answers import right, wrong

# ---------------------------------------------------------------- weights


@right("weights")
def divided_ones(y, index):
    ones = torch.ones_like(y)
    one = ones * 0
    one[index] = 1
    return {"sum": ones, "mean": ones / y.numel(), "one": one}


@right("weights")
def asked_autograd(y, index):
    y = y.detach().clone().requires_grad_()
    numbers = {"sum": y.sum(), "mean": y.mean(), "one": y[index]}
    return {name: torch.autograd.grad(number, y)[0] for name, number in numbers.items()}


@right("weights")
def by_shape(y, index):
    one = torch.zeros(y.shape, dtype=y.dtype)
    one[index] = 1
    return {
        "sum": torch.ones(y.shape, dtype=y.dtype),
        "mean": torch.full(y.shape, 1 / y.numel(), dtype=y.dtype),
        "one": one,
    }


def _marked(y, index, mark=1.0):
    one = torch.zeros_like(y)
    one[index] = mark
    return one


def _weights(y, index, **parts):
    ones = torch.ones_like(y)
    return {"sum": ones, "mean": ones / y.numel(), "one": _marked(y, index), **parts}


@wrong("weights", "All ones make the sum")
def ones_everywhere(y, index):
    ones = torch.ones_like(y)
    return {"sum": ones, "mean": ones, "one": ones}


@wrong("weights", "v is y itself here")
def y_itself(y, index):
    return _weights(y, index, sum=y.detach())


@wrong("weights", "n of them")
def a_scalar_for_the_mean(y, index):
    return _weights(y, index, mean=torch.tensor(1 / y.numel(), dtype=y.dtype))


@wrong("weights", "a weight for each number of y, also for the sum")
def a_scalar_for_the_sum(y, index):
    return _weights(y, index, sum=torch.tensor(1.0, dtype=y.dtype))


@wrong("weights", "each weight is 1/n and not n")
def multiplied_by_n(y, index):
    return _weights(y, index, mean=torch.full_like(y, y.numel()))


@wrong("weights", "y / n is what is added up")
def terms_of_the_mean(y, index):
    return _weights(y, index, mean=y.detach() / len(y))


@wrong("weights", "1 there, 0 elsewhere")
def ones_for_one(y, index):
    return _weights(y, index, one=torch.ones_like(y))


@wrong("weights", "not its value")
def the_value_at_the_place(y, index):
    return _weights(y, index, one=_marked(y, index, y.detach()[index]))


@wrong("weights", "takes the dtype of y")
def float32_only(y, index):
    one = torch.zeros(y.shape)
    one[index] = 1
    return _weights(y, index, one=one)


@wrong("weights", "len(y) counts rows")
def length_for_the_mean(y, index):
    return _weights(y, index, mean=torch.ones_like(y) / len(y))


@wrong("weights", "a whole row is marked")
def first_index_only(y, index):
    return _weights(y, index, one=_marked(y, index[0]))


@wrong("weights", "v has the shape of y")
def ones_for_rows(y, index):
    return _weights(y, index, sum=torch.ones(len(y), dtype=y.dtype))


# ---------------------------------------------------------------- shapes


@right("shapes")
def as_tuples():
    return {"v": (4, 2), "W.grad": (3, 2), "J": (4, 2, 3, 2), "passes": 8}


@right("shapes")
def as_sizes():
    W = torch.zeros(3, 2)
    Y = torch.zeros(4, 3) @ W
    return {"v": Y.shape, "W.grad": W.shape, "J": Y.shape + W.shape, "passes": Y.numel()}


@right("shapes")
def computed():
    v, grad = [4, 2], [3, 2]
    return {"v": v, "W.grad": grad, "J": v + grad, "passes": v[0] * v[1]}


@wrong("shapes", "v belongs to Y, on which backward is called")
def v_of_the_input():
    return {"v": [3, 2], "W.grad": [3, 2], "J": [4, 2, 3, 2], "passes": 8}


@wrong("shapes", "not to X")
def v_of_the_data():
    return {"v": [4, 3], "W.grad": [3, 2], "J": [4, 2, 3, 2], "passes": 8}


@wrong("shapes", "v is not a single number")
def v_is_a_number():
    return {"v": [], "W.grad": [3, 2], "J": [4, 2, 3, 2], "passes": 8}


@wrong("shapes", "the shape of its own tensor")
def grad_of_the_output():
    return {"v": [4, 2], "W.grad": [4, 2], "J": [4, 2, 3, 2], "passes": 8}


@wrong("shapes", "jacrev keeps the axes")
def flattened():
    return {"v": [4, 2], "W.grad": [3, 2], "J": [8, 6], "passes": 8}


@wrong("shapes", "Rows belong to outputs")
def inputs_first():
    return {"v": [4, 2], "W.grad": [3, 2], "J": [3, 2, 4, 2], "passes": 8}


@wrong("shapes", "for every pair")
def jacobian_of_the_output():
    return {"v": [4, 2], "W.grad": [3, 2], "J": [4, 2], "passes": 8}


@wrong("shapes", "Six is the number of inputs")
def a_pass_for_each_input():
    return {"v": [4, 2], "W.grad": [3, 2], "J": [4, 2, 3, 2], "passes": 6}


@wrong("shapes", "4 times 2 of them")
def a_pass_for_each_sample():
    return {"v": [4, 2], "W.grad": [3, 2], "J": [4, 2, 3, 2], "passes": 4}


@wrong("shapes", "fills a whole row")
def a_pass_for_each_slope():
    return {"v": [4, 2], "W.grad": [3, 2], "J": [4, 2, 3, 2], "passes": 48}


# ---------------------------------------------------------------- jacobian


@right("jacobian")
def by_autograd_grad(f, x):
    x = x.detach().requires_grad_()
    y = f(x)
    one_hots = torch.eye(len(y), dtype=x.dtype)
    return torch.stack([torch.autograd.grad(y, x, v, retain_graph=True)[0] for v in one_hots])


@right("jacobian")
def number_by_number(f, x):
    rows = []
    for i in range(f(x).numel()):
        copy = x.detach().clone().requires_grad_()
        f(copy)[i].backward()
        rows.append(copy.grad)
    return torch.stack(rows)


@right("jacobian")
def copies_and_zeros(f, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    J = torch.zeros(len(y), len(x), dtype=x.dtype)
    for i in range(len(y)):
        y[i].backward(retain_graph=True)
        J[i] = x.grad
        x.grad.zero_()
    return J


@wrong("jacobian", "Rows and columns are exchanged")
def transposed(f, x):
    return torch.func.jacrev(f)(x.detach()).T


@wrong("jacobian", "the sum of the rows so far")
def not_cleared(f, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    rows = []
    for v in torch.eye(len(y), dtype=x.dtype):
        y.backward(v, retain_graph=True)
        rows.append(x.grad.clone())
    return torch.stack(rows)


@wrong("jacobian", "All rows are the sum of the rows")
def one_tensor_many_times(f, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    rows = []
    for v in torch.eye(len(y), dtype=x.dtype):
        y.backward(v, retain_graph=True)
        rows.append(x.grad)
    return torch.stack(rows)


@wrong("jacobian", "All rows are the sum of the rows")
def ones_each_time(f, x):
    x = x.detach().clone().requires_grad_()
    rows = []
    for _ in range(len(f(x))):
        x.grad = None
        f(x).sum().backward()
        rows.append(x.grad)
    return torch.stack(rows)


@wrong("jacobian", "All rows are the last one")
def cleared_before(f, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    rows = []
    for v in torch.eye(len(y), dtype=x.dtype):
        if x.grad is not None:
            x.grad.zero_()
        y.backward(v, retain_graph=True)
        rows.append(x.grad)
    return torch.stack(rows)


@wrong("jacobian", "zero_() also clears what your list holds")
def cleared_after(f, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    rows = []
    for v in torch.eye(len(y), dtype=x.dtype):
        y.backward(v, retain_graph=True)
        rows.append(x.grad)
        x.grad.zero_()
    return torch.stack(rows)


@wrong("jacobian", "keep it with retain_graph=True")
def graph_not_kept(f, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    rows = []
    for v in torch.eye(len(y), dtype=x.dtype):
        x.grad = None
        y.backward(v)
        rows.append(x.grad)
    return torch.stack(rows)


@wrong("jacobian", "v must have the shape of y")
def a_row_for_each_input(f, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    rows = []
    for v in torch.eye(len(x), dtype=x.dtype):
        x.grad = None
        y.backward(v, retain_graph=True)
        rows.append(x.grad)
    return torch.stack(rows)


@wrong("jacobian", "which of the outputs you want")
def as_it_was(f, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    rows = []
    for _ in range(len(y)):
        y.backward(retain_graph=True)
        rows.append(x.grad)
    return torch.stack(rows)


@wrong("jacobian", "That is one row")
def summed(f, x):
    x = x.detach().clone().requires_grad_()
    f(x).sum().backward()
    return x.grad


@wrong("jacobian", "The call left another `x.grad` behind")
def in_the_callers_x(f, x):
    if not x.requires_grad:
        x = x.clone().requires_grad_()
    y = f(x)
    rows = []
    for i in range(len(y)):
        x.grad = None
        y[i].backward(retain_graph=True)
        rows.append(x.grad)
    return torch.stack(rows)


# ---------------------------------------------------------------- per_sample


@right("per_sample")
def sample_by_sample(loss, X, t, w):
    rows = []
    for x, target in zip(X.detach(), t.detach(), strict=True):
        copy = w.detach().clone().requires_grad_()
        loss((x @ copy)[None], target[None]).sum().backward()
        rows.append(copy.grad)
    return torch.stack(rows)


@right("per_sample")
def one_hot_rows(loss, X, t, w):
    w = w.detach().clone().requires_grad_()
    losses = loss(X.detach() @ w, t.detach())
    return torch.stack([torch.autograd.grad(number, w, retain_graph=True)[0] for number in losses])


@right("per_sample")
def through_the_predictions(loss, X, t, w):
    predictions = (X @ w).detach().requires_grad_()
    loss(predictions, t.detach()).sum().backward()
    return predictions.grad[:, None] * X.detach()


@right("per_sample")
def by_jacrev(loss, X, t, w):
    return torch.func.jacrev(lambda w: loss(X.detach() @ w, t.detach()))(w.detach())


@wrong("per_sample", "Every row is the sum over the whole batch")
def batch_repeated(loss, X, t, w):
    w = w.detach().clone().requires_grad_()
    loss(X.detach() @ w, t.detach()).sum().backward()
    return w.grad.repeat(len(X), 1)


@wrong("per_sample", "Every row is the mean over the whole batch")
def mean_of_the_batch_repeated(loss, X, t, w):
    w = w.detach().clone().requires_grad_()
    loss(X.detach() @ w, t.detach()).mean().backward()
    return w.grad.repeat(len(X), 1)


@wrong("per_sample", "That is the sum over the batch")
def batch_only(loss, X, t, w):
    w = w.detach().clone().requires_grad_()
    loss(X.detach() @ w, t.detach()).backward(torch.ones_like(t))
    return w.grad


@wrong("per_sample", "too small by 1/n")
def mean_of_the_copies(loss, X, t, w):
    W = w.detach().repeat(len(X), 1).requires_grad_()
    loss((X.detach() * W).sum(dim=1), t.detach()).mean().backward()
    return W.grad


@wrong("per_sample", "not to the weights")
def gradient_of_the_inputs(loss, X, t, w):
    X = X.detach().clone().requires_grad_()
    loss(X @ w.detach(), t.detach()).sum().backward()
    return X.grad


@wrong("per_sample", "Row i holds the samples up to i")
def rows_accumulate(loss, X, t, w):
    w = w.detach().clone().requires_grad_()
    rows = []
    for number in loss(X.detach() @ w, t.detach()):
        number.backward(retain_graph=True)
        rows.append(w.grad.clone())
    return torch.stack(rows)


@wrong("per_sample", "pairs every sample with every copy")
def every_sample_with_every_copy(loss, X, t, w):
    W = w.detach().repeat(len(X), 1).requires_grad_()
    loss(X.detach() @ W.T, t.detach()).sum().backward()
    return W.grad


@wrong("per_sample", ".grad is None because this is no leaf")
def copies_are_no_leaf(loss, X, t, w):
    W = w.repeat(len(X), 1).requires_grad_()
    loss((X.detach() * W).sum(dim=1), t.detach()).sum().backward()
    return W.grad


# ---------------------------------------------------------------- agrees


@right("agrees")
def a_new_tensor(f, x):
    copy = torch.tensor(x.tolist(), dtype=torch.float64, requires_grad=True)
    return gradcheck(f, copy, raise_exception=False)


@right("agrees")
def error_caught(f, x):
    copy = x.detach().to(torch.float64, copy=True)
    copy.requires_grad = True
    try:
        return gradcheck(f, (copy,))
    except RuntimeError:
        return False


@right("agrees")
def in_one_line(f, x):
    return gradcheck(f, [x.detach().double().clone().requires_grad_(True)], raise_exception=False)


@wrong("agrees", "float32 is too coarse")
def dtype_as_it_comes(f, x):
    x = x.detach().clone().requires_grad_()
    return gradcheck(f, (x,), raise_exception=False)


@wrong("agrees", "float32 is too coarse")
def always_float32(f, x):
    x = x.detach().float().requires_grad_()
    return gradcheck(f, (x,), raise_exception=False)


@wrong("agrees", "that is too loose")
def loosened_until_it_passes(f, x):
    x = x.detach().clone().requires_grad_()
    return gradcheck(f, (x,), atol=0.1, rtol=0.1, raise_exception=False)


@wrong("agrees", "An error of 0.3 % is accepted")
def bigger_step_in_float32(f, x):
    x = x.detach().float().clone().requires_grad_()
    return gradcheck(f, (x,), eps=1e-2, atol=3e-3, raise_exception=False)


@wrong("agrees", "raise_exception=False")
def raises(f, x):
    return gradcheck(f, (x.detach().double().clone().requires_grad_(),))


@wrong("agrees", "Only a tensor that requires grad can be checked")
def grad_not_required(f, x):
    return gradcheck(f, (x.detach().double(),), raise_exception=False)


@wrong("agrees", "a copy only if it is not")
def the_callers_x_switched_on(f, x):
    x = x.double().requires_grad_()
    return gradcheck(f, (x,), raise_exception=False)


# ---------------------------------------------------------------- wrong_ones


def _found(pairs, x, v, same=torch.allclose):
    x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    v = torch.tensor(v, dtype=torch.float64)
    found = []
    for name, (forward, backward) in pairs.items():
        (want,) = torch.autograd.grad(forward(x), x, v)
        if not same(backward(x.detach(), v), want):
            found.append(name)
    return found


@right("wrong_ones")
def by_differences(pairs):
    x = torch.tensor([1.2, -0.8, 0.3], dtype=torch.float64)
    v = torch.tensor([-0.5, 1.5, 0.8], dtype=torch.float64)
    found = []
    for name, (forward, backward) in pairs.items():
        slopes = []
        for i in range(3):
            step = torch.zeros_like(x)
            step[i] = 1e-6
            slopes.append((v * (forward(x + step) - forward(x - step))).sum() / 2e-6)
        if not torch.allclose(backward(x, v), torch.stack(slopes), atol=1e-6):
            found.append(name)
    return found


@right("wrong_ones")
def many_random_places(pairs):
    made = torch.Generator().manual_seed(0)
    found = []
    for name, (forward, backward) in pairs.items():
        for n in (2, 3, 7):
            x = torch.randn(n, dtype=torch.float64, generator=made, requires_grad=True)
            v = torch.randn(n, dtype=torch.float64, generator=made)
            forward(x).backward(v)
            if (backward(x.detach(), v) - x.grad).abs().max() > 1e-9 and name not in found:
                found.append(name)
    return found


@right("wrong_ones")
def by_gradcheck(pairs):
    x = torch.tensor([0.7, -1.1, 0.3], dtype=torch.float64, requires_grad=True)
    v = torch.tensor([2.0, -0.6, 1.0], dtype=torch.float64)

    def fits(forward, backward):
        class Pair(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return forward(x)

            @staticmethod
            def backward(ctx, v):
                return backward(*ctx.saved_tensors, v)

        return gradcheck(lambda x: -(v * Pair.apply(x)).sum(), (x,), raise_exception=False)

    return [name for name, pair in pairs.items() if not fits(*pair)]


@wrong("wrong_ones", "All six agree")
def at_zero(pairs):
    return _found(pairs, [0.0, 0.0, 0.0], [0.5, -1.0, 2.0])


@wrong("wrong_ones", "All six agree")
def all_ones(pairs):
    return _found(pairs, [1.0, 1.0, 1.0], [1.0, 1.0, 1.0])


@wrong("wrong_ones", "the wrong 3x and the right 3x² agree")
def at_one(pairs):
    return _found(pairs, [1.0, 1.0, 1.0], [0.5, -1.0, 2.0])


@wrong("wrong_ones", "Your x has no negative numbers")
def positive_places(pairs):
    return _found(pairs, [1.0, 2.0, 3.0], [0.5, -1.0, 2.0])


@wrong("wrong_ones", "With v all ones")
def ones_upstream(pairs):
    return _found(pairs, [0.5, -2.0, 3.0], [1.0, 1.0, 1.0])


@wrong("wrong_ones", "too symmetric")
def counted_up_and_summed(pairs):
    return _found(pairs, [1.0, 2.0, 3.0], [1.0, 1.0, 1.0])


@wrong("wrong_ones", "These are the right ones")
def the_right_ones(pairs):
    found = _found(pairs, [0.5, -2.0, 3.0], [0.5, -1.0, 2.0])
    return [name for name in pairs if name not in found]


@wrong("wrong_ones", "All are accused")
def differences_compared_exactly(pairs):
    def exact(forward, backward):
        x = torch.tensor([0.5, -2.0, 3.0], dtype=torch.float64)
        v = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64)
        step = torch.tensor([1e-6, 0.0, 0.0], dtype=torch.float64)
        slope = (v * (forward(x + step) - forward(x - step))).sum() / 2e-6
        return bool(backward(x, v)[0] == slope)

    return [name for name, pair in pairs.items() if not exact(*pair)]


@wrong("wrong_ones", "do not write names into it")
def typed_in(pairs):
    return ["cube", "turned", "signed"]


@wrong("wrong_ones", "find the wrong ones by experiment")
def seen_by_eye(pairs):
    return [name for name in pairs if name in ("cube", "turned", "signed")]


@wrong("wrong_ones", "Your v has no negative numbers")
def positive_upstream(pairs):
    return _found(pairs, [0.5, -2.0, 3.0], [0.5, 1.0, 2.0])


@wrong("wrong_ones", "the tolerance is too wide")
def wide_tolerance(pairs):
    return _found(
        pairs,
        [0.5, -1.2, 0.7],
        [0.5, -1.0, 0.9],
        lambda a, b: torch.allclose(a, b, rtol=0.02),
    )


@wrong("wrong_ones", "Compare all places")
def first_place_only(pairs):
    def first_equal(a, b):
        return torch.allclose(a[0], b[0])

    return _found(pairs, [-2.0, 0.5, 3.0], [-1.0, 0.5, 2.0], first_equal)
