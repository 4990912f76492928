"""Answers to solutions/en/02_first_gradient."""

import torch

from tests.answers import right, wrong

# ---------------------------------------------------------------- column_gradient


@right("column_gradient")
def whole_numbers():
    return [[10], [-20], [0], [30]]


@right("column_gradient")
def as_a_tensor():
    return 10 * torch.tensor([[1.0], [-2.0], [0.0], [3.0]])


@right("column_gradient")
def asked_pytorch():
    c = torch.tensor([[1.0], [-2.0], [0.0], [3.0]], requires_grad=True)
    y = 5 * torch.dot(c.reshape(4), c.reshape(4))
    y.backward()
    return c.grad


@wrong("column_gradient", "The numbers are right. But .grad has the shape")
def flat():
    return [10.0, -20.0, 0.0, 30.0]


@wrong("column_gradient", "That is a row")
def as_a_row():
    return [[10.0, -20.0, 0.0, 30.0]]


@wrong("column_gradient", "A factor 2 is missing")
def one_place_only():
    return [[5.0], [-10.0], [0.0], [15.0]]


@wrong("column_gradient", "The 5 in front is missing")
def without_the_five():
    return [[2.0], [-4.0], [0.0], [6.0]]


@wrong("column_gradient", "so values")
def terms_of_y():
    return [[5.0], [20.0], [0.0], [45.0]]


@wrong("column_gradient", "That is y itself")
def the_value():
    return [[70.0]]


@wrong("column_gradient", "changes with the entry")
def same_everywhere():
    return [[10.0]] * 4


# ---------------------------------------------------------------- gradient_at


@right("gradient_at")
def constructed(f, x):
    mine = torch.empty_like(x, requires_grad=True)
    with torch.no_grad():
        mine.copy_(x)
    y = f(mine)
    y.backward()
    return mine.grad


@right("gradient_at")
def with_a_warning(f, x):
    mine = torch.tensor(x, requires_grad=True)
    f(mine).backward()
    return mine.grad


@right("gradient_at")
def detached_only(f, x):
    leaf = x.detach()
    leaf.requires_grad = True
    f(leaf).backward()
    return leaf.grad


@right("gradient_at")
def by_torch_func(f, x):
    return torch.func.grad(f)(x.detach())


@wrong("gradient_at", "That is the value of f")
def value_of_f(f, x):
    return f(x)


@wrong("gradient_at", "mark the tensor before you compute f")
def never_marked(f, x):
    mine = x.detach().clone()
    f(mine).backward()
    return mine.grad


@wrong("gradient_at", "mark the tensor before you compute f")
def marked_too_late(f, x):
    mine = x.detach().clone()
    y = f(mine)
    mine.requires_grad_()
    y.backward()
    return mine.grad


@wrong("gradient_at", "backward() returns None")
def what_backward_returns(f, x):
    return f(x.detach().clone().requires_grad_()).backward()


@wrong("gradient_at", "y.grad is None, as y is a result")
def grad_of_y(f, x):
    y = f(x.detach().clone().requires_grad_())
    y.backward()
    return y.grad


@wrong("gradient_at", "y.grad is None, as y is a result")
def marked_the_result(f, x):
    mine = x.detach().clone()
    y = f(mine).requires_grad_()
    y.backward()
    return mine.grad


@wrong("gradient_at", "Do not add them up")
def summed(f, x):
    mine = x.detach().clone().requires_grad_()
    f(mine).backward()
    return mine.grad.sum()


@wrong("gradient_at", "torch.tensor of a list makes float32")
def through_a_list(f, x):
    mine = torch.tensor(x.tolist(), requires_grad=True)
    f(mine).backward()
    return mine.grad


@wrong("gradient_at", "You marked x itself")
def on_x_itself(f, x):
    x.requires_grad_()
    f(x).backward()
    return x.grad


@wrong("gradient_at", "You marked x itself")
def on_x_after_a_reset(f, x):
    x.requires_grad_(True)
    x.grad = None
    f(x).backward()
    return x.grad.clone()


@wrong("gradient_at", "If x requires grad, x.clone() is recorded")
def on_a_clone(f, x):
    mine = x.clone().requires_grad_()
    f(mine).backward()
    return mine.grad


@wrong("gradient_at", "Do not tidy up in x")
def tidied_up(f, x):
    x.requires_grad_()
    x.grad = None
    f(x).backward()
    gradient = x.grad
    x.grad = None
    x.requires_grad_(False)
    return gradient


# ---------------------------------------------------------------- two_places


@right("two_places")
def row_times_matrix(A, x):
    left, right = A @ x, x @ A
    return {"gradient": left + right, "left": left, "right": right}


@right("two_places")
def one_matrix(A, x):
    made = {"left": torch.mv(A, x), "right": torch.einsum("ij,i->j", A, x)}
    made["gradient"] = (A + A.T) @ x
    return made


@right("two_places")
def by_two_tensors(A, x):
    left = x.detach().clone().requires_grad_()
    right = x.detach().clone().requires_grad_()
    torch.dot(left, A.detach() @ right).backward()
    return {"left": left.grad, "right": right.grad, "gradient": left.grad + right.grad}


@wrong("two_places", "The two are exchanged")
def exchanged(A, x):
    return {"left": A.T @ x, "right": A @ x, "gradient": (A + A.T) @ x}


@wrong("two_places", "As a vector that is Aᵀx")
def both_the_same(A, x):
    return {"left": A @ x, "right": A @ x, "gradient": 2 * A @ x}


@wrong("two_places", "2Ax is right only if A is symmetric")
def rule_for_numbers(A, x):
    return {"left": A @ x, "right": A.T @ x, "gradient": 2 * A @ x}


@wrong("two_places", "That is the left place alone")
def last_factor_only(A, x):
    return {"left": A @ x, "right": A.T @ x, "gradient": A @ x}


@wrong("two_places", "The x is lost: hold one of the two")
def x_lost(A, x):
    return {"left": A @ x, "right": A.T @ x, "gradient": A + A.T}


@wrong("two_places", "The x is lost: hold the right x")
def matrices(A, x):
    return {"left": A, "right": A.T, "gradient": A + A.T}


@wrong("two_places", "added, not multiplied")
def multiplied(A, x):
    return {"left": A @ x, "right": A.T @ x, "gradient": (A @ x) * (A.T @ x)}


@wrong("two_places", "nothing is divided")
def symmetric_part(A, x):
    return {"left": A @ x, "right": A.T @ x, "gradient": (A + A.T) / 2 @ x}


@wrong("two_places", "That is the value of y")
def values(A, x):
    y = x @ A @ x
    return {"left": y, "right": y, "gradient": 2 * y}


# ---------------------------------------------------------------- left_only


@right("left_only")
def product_detached(A, x):
    return torch.dot(x, (A @ x).detach())


@right("left_only")
def under_no_grad(A, x):
    with torch.no_grad():
        brought = A @ x
    return (x * brought).sum()


@right("left_only")
def from_the_left(A, x):
    return x @ A @ x.detach()


@wrong("left_only", "Nothing is cut")
def nothing_cut(A, x):
    return torch.dot(x, A @ x)


@wrong("left_only", "Nothing is cut")
def matrix_detached(A, x):
    return torch.dot(x, A.detach() @ x)


@wrong("left_only", "The left way is closed")
def left_detached(A, x):
    return torch.dot(x.detach(), A @ x)


@wrong("left_only", "Both ways are closed")
def both_detached(A, x):
    return torch.dot(x.detach(), A @ x.detach())


@wrong("left_only", "Both ways are closed")
def all_under_no_grad(A, x):
    with torch.no_grad():
        return torch.dot(x, A @ x)


@wrong("left_only", "Half of everything is not one of two")
def halved(A, x):
    return torch.dot(x, A @ x) / 2


@wrong("left_only", "half of both places")
def half_detached(A, x):
    y = torch.dot(x, A @ x) / 2
    return y + y.detach()


@wrong("left_only", "A plain number has no recording")
def as_a_number(A, x):
    return torch.dot(x, A @ x.detach()).item()


# ---------------------------------------------------------------- classify


@right("classify")
def in_another_order():
    return {"filled": "hga", "leaves": "gedbah"}


@right("classify")
def in_lists():
    return {"leaves": ["a", "b", "d", "e", "g", "h"], "filled": ["a", "g", "h"]}


@right("classify")
def with_spaces():
    return {"leaves": "a b d e g h", "filled": "a g h"}


@wrong("classify", "These are the tensors that require grad")
def leaf_means_requires_grad():
    return {"leaves": "acfghi", "filled": "agh"}


@wrong("classify", "A tensor need not require grad to be a leaf")
def leaf_means_filled():
    return {"leaves": "agh", "filled": "agh"}


@wrong("classify", "No recorded operation made d")
def computed_is_no_leaf():
    return {"leaves": "abeg", "filled": "ag"}


@wrong("classify", "what it returns begins anew")
def detached_is_no_leaf():
    return {"leaves": "abdg", "filled": "ag"}


@wrong("classify", "f is what double() returned")
def made_in_one_line():
    return {"leaves": "abdefgh", "filled": "afgh"}


@wrong("classify", "reshape is an operation like any other")
def reshaped_is_the_same():
    return {"leaves": "abdeghi", "filled": "agh"}


@wrong("classify", "It is kept only in leaves, and c, f and i")
def whatever_requires_grad_is_filled():
    return {"leaves": "abdegh", "filled": "acfghi"}


@wrong("classify", "But b, d and e did not ask")
def every_leaf_is_filled():
    return {"leaves": "abdegh", "filled": "abdegh"}


@wrong("classify", "f is a result of double()")
def f_is_filled():
    return {"leaves": "abdegh", "filled": "afgh"}


@wrong("classify", "h was marked anew")
def behind_a_cut():
    return {"leaves": "abdegh", "filled": "ag"}


@wrong("classify", "collection of a, b, c")
def two_texts():
    return "abdegh", "agh"


# ---------------------------------------------------------------- small_weights


@right("small_weights")
def step_by_step(values):
    w = values.detach().clone()
    w = w.to(torch.float64)
    w /= 10
    w.requires_grad = True
    return w


@right("small_weights")
def as_a_parameter(values):
    return torch.nn.Parameter(values.detach().double() * 0.1)


@right("small_weights")
def from_a_list(values):
    return torch.tensor(values.tolist(), dtype=torch.float64).div_(10).requires_grad_(True)


@right("small_weights")
def cut_at_the_end(values):
    return (values.double() / 10).detach().requires_grad_()


@wrong("small_weights", "Not a leaf yet")
def as_it_was(values):
    w = values.clone().requires_grad_()
    return w.double() / 10


@wrong("small_weights", "an optimizer still wants a leaf")
def grad_retained(values):
    w = values.detach().clone().requires_grad_().double() / 10
    w.retain_grad()
    return w


@wrong("small_weights", "Not a leaf yet")
def marked_in_the_middle(values):
    w = values.detach().double().clone().requires_grad_()
    return w / 10


@wrong("small_weights", "A leaf, but not marked")
def never_marked_w(values):
    return values.detach().double() / 10


@wrong("small_weights", "The weights are still of the dtype of values")
def dtype_kept(values):
    return (values.detach() / 10).requires_grad_()


@wrong("small_weights", "Divide without the underscore")
def divided_in_place(values):
    values.div_(10)
    return values.double().clone().requires_grad_()


@wrong("small_weights", "Begin with values.detach()")
def values_not_detached(values):
    return (values.double() / 10).requires_grad_()


@wrong("small_weights", "Begin with values.detach()")
def cloned_but_recorded(values):
    w = values.clone().to(torch.float64) * 0.1
    w.requires_grad = True
    return w


# ---------------------------------------------------------------- both_gradients


@right("both_gradients")
def with_a_hook(x):
    kept = []
    x = x.detach().clone().requires_grad_()
    z = x - x.mean()
    z.register_hook(kept.append)
    (z**3).sum().backward()
    return {"x": x.grad, "z": kept[0]}


@right("both_gradients")
def by_autograd_grad(x):
    x = x.detach().requires_grad_()
    z = x - x.mean()
    for_x, for_z = torch.autograd.grad((z**3).sum(), (x, z))
    return {"x": for_x, "z": for_z}


@right("both_gradients")
def by_hand(x):
    z = x.detach() - x.detach().mean()
    return {"x": 3 * z**2 - 3 * (z**2).mean(), "z": 3 * z**2}


@wrong("both_gradients", "x is marked after z was made from it")
def as_it_stood(x):
    z = x.detach() - x.detach().mean()
    x = x.detach().clone().requires_grad_()
    loss = (z**3).sum()
    loss.backward()
    return {"x": x.grad, "z": z.grad}


@wrong("both_gradients", "mark nothing else")
def marked_the_loss(x):
    z = x.detach() - x.detach().mean()
    x = x.detach().clone().requires_grad_()
    loss = (z**3).sum()
    loss.requires_grad_()
    loss.backward()
    return {"x": x.grad, "z": z.grad}


@wrong("both_gradients", "Nothing leads from the loss back to x")
def z_made_a_leaf(x):
    x = x.detach().clone().requires_grad_()
    z = (x - x.mean()).detach().requires_grad_()
    (z**3).sum().backward()
    return {"x": x.grad, "z": z.grad}


@wrong("both_gradients", "That is the gradient for z")
def z_in_place_of_x(x):
    z = (x.detach() - x.detach().mean()).requires_grad_()
    (z**3).sum().backward()
    return {"x": z.grad, "z": z.grad}


@wrong("both_gradients", "Call z.retain_grad() before")
def not_retained(x):
    x = x.detach().clone().requires_grad_()
    z = x - x.mean()
    (z**3).sum().backward()
    return {"x": x.grad, "z": z.grad}


@wrong("both_gradients", "Call z.retain_grad() before")
def retained_too_late(x):
    x = x.detach().clone().requires_grad_()
    z = x - x.mean()
    (z**3).sum().backward()
    z.retain_grad()
    return {"x": x.grad, "z": z.grad}


@wrong("both_gradients", "You marked x itself")
def marked_x_of_the_caller(x):
    x.requires_grad_()
    z = x - x.mean()
    z.retain_grad()
    (z**3).sum().backward()
    return {"x": x.grad, "z": z.grad}


@wrong("both_gradients", "Read the .grad of z")
def x_twice(x):
    x = x.detach().clone().requires_grad_()
    z = x - x.mean()
    (z**3).sum().backward()
    return {"x": x.grad, "z": x.grad}
