"""Answers to solutions/en/01_computational_graph."""

import math

import torch

from tests.answers import right, wrong

# ---------------------------------------------------------------- change_of_cube


@right("change_of_cube")
def rounded():
    return -0.12


@right("change_of_cube")
def exact_change():
    return (2 - 0.01) ** 3 - 8


@right("change_of_cube")
def as_a_tensor():
    return torch.tensor(-0.1194)


@wrong("change_of_cube", "That is the derivative. Multiply")
def the_derivative():
    return 12


@wrong("change_of_cube", "the derivative with a sign")
def the_derivative_downwards():
    return -12.0


@wrong("change_of_cube", "think about the sign")
def sign_forgotten():
    return 0.12


@wrong("change_of_cube", "the new value of f, not its change")
def the_new_value():
    return 7.88


@wrong("change_of_cube", "how far x moves")
def the_step():
    return -0.01


@wrong("change_of_cube", "not 2x")
def rule_for_the_square():
    return 2 * 2 * -0.01


@wrong("change_of_cube", "expected a number, got a text")
def as_a_text():
    return "-0.12"


# ---------------------------------------------------------------- central_difference


@right("central_difference")
def two_halves(f, x, h=1e-5):
    forward = (f(x + h) - f(x)) / h
    backward = (f(x) - f(x - h)) / h
    return (forward + backward) / 2


@right("central_difference")
def with_points(f, x, h=1e-5):
    left, right = x - h, x + h
    rise = f(right) - f(left)
    return rise / (right - left)


@wrong("central_difference", "from x - h to x + h it is 2h")
def divided_by_h(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / h


@wrong("central_difference", "one side of x")
def forward_difference(f, x, h=1e-5):
    return (f(x + h) - f(x)) / h


@wrong("central_difference", "left side of x")
def backward_difference(f, x, h=1e-5):
    return (f(x) - f(x - h)) / h


@wrong("central_difference", "later point minus earlier")
def turned_around(f, x, h=1e-5):
    return (f(x - h) - f(x + h)) / (2 * h)


@wrong("central_difference", "A slope is a difference per step")
def not_divided(f, x, h=1e-5):
    return f(x + h) - f(x - h)


@wrong("central_difference", "Use the step that is given")
def own_step(f, x, h=1e-5):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


@wrong("central_difference", "Use the step that is given")
def asked_autograd(f, x, h=1e-5):
    return torch.func.grad(lambda v: f(v).sum())(x)


@wrong("central_difference", "expected a tensor")
def as_a_float(f, x, h=1e-5):
    return ((f(x + h) - f(x - h)) / (2 * h)).item()


@wrong("central_difference", "changed the input `x` itself")
def moved_x(f, x, h=1e-5):
    after = f(x.add_(h))
    before = f(x.sub_(2 * h))
    return (after - before) / (2 * h)


# ---------------------------------------------------------------- nodes_of_w


@right("nodes_of_w")
def in_a_tuple():
    leaf = "AccumulateGrad"
    return ("AddBackward0", "MulBackward0", leaf, leaf, "ExpBackward0")


@right("nodes_of_w")
def walked():
    a = torch.ones((), requires_grad=True)
    b = torch.ones((), requires_grad=True)
    u = a * b
    names, waiting, met = [], [(u + u.exp()).grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node not in met:
            met.add(node)
            names.append(type(node).__name__)
            waiting += [following for following, _ in reversed(node.next_functions)]
    return names


@wrong("nodes_of_w", "grad_fn starts at the result")
def forward_order():
    return ["AccumulateGrad", "AccumulateGrad", "MulBackward0", "ExpBackward0", "AddBackward0"]


@wrong("nodes_of_w", "one node, reached by two edges")
def u_twice():
    leaf = "AccumulateGrad"
    return ["AddBackward0", "MulBackward0", leaf, leaf, "ExpBackward0", "MulBackward0"]


@wrong("nodes_of_w", "each has an AccumulateGrad node")
def no_leaves():
    return ["AddBackward0", "MulBackward0", "ExpBackward0"]


@wrong("nodes_of_w", "each has an AccumulateGrad node")
def one_leaf():
    return ["AddBackward0", "MulBackward0", "AccumulateGrad", "ExpBackward0"]


@wrong("nodes_of_w", "Follow the first edge to its end")
def level_by_level():
    return ["AddBackward0", "MulBackward0", "ExpBackward0", "AccumulateGrad", "AccumulateGrad"]


# ---------------------------------------------------------------- count_nodes


@right("count_nodes")
def calling_itself(t):
    met = set()

    def visit(node):
        if node is not None and node not in met:
            met.add(node)
            for following, _ in node.next_functions:
                visit(following)

    visit(t.grad_fn)
    return len(met)


@right("count_nodes")
def wave_by_wave(t):
    wave = {t.grad_fn} - {None}
    met = set()
    while wave:
        met |= wave
        wave = {n for node in wave for n, _ in node.next_functions} - met - {None}
    return len(met)


@wrong("count_nodes", "Remember which nodes you have met")
def every_way(t):
    def count(node):
        return 0 if node is None else 1 + sum(count(n) for n, _ in node.next_functions)

    return count(t.grad_fn)


@wrong("count_nodes", "A None in next_functions is no node")
def none_is_a_node(t):
    met, waiting, constants = set(), [t.grad_fn], 0
    while waiting:
        node = waiting.pop()
        if node is None:
            constants += 1
        elif node not in met:
            met.add(node)
            waiting += [n for n, _ in node.next_functions]
    return len(met) + constants


@wrong("count_nodes", "Leaves are nodes too")
def operations_only(t):
    met, waiting = set(), [t.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is not None and node not in met and node.next_functions:
            met.add(node)
            waiting += [n for n, _ in node.next_functions]
    return len(met)


@wrong("count_nodes", "t.grad_fn itself is a node")
def root_forgotten(t):
    met, waiting = set(), [n for n, _ in t.grad_fn.next_functions]
    while waiting:
        node = waiting.pop()
        if node is not None and node not in met:
            met.add(node)
            waiting += [n for n, _ in node.next_functions]
    return len(met)


@wrong("count_nodes", "You counted different names")
def different_names(t):
    names, waiting = set(), [t.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is not None:
            names.add(node.name())
            waiting += [n for n, _ in node.next_functions]
    return len(names)


@wrong("count_nodes", "'NoneType' object has no attribute 'next_functions'")
def none_not_expected(t):
    met, waiting = set(), [t.grad_fn]
    while waiting:
        node = waiting.pop()
        met.add(node)
        waiting += [n for n, _ in node.next_functions if n not in met]
    return len(met)


@wrong("count_nodes", "t.grad_fn can be None")
def root_not_looked_at(t):
    met, waiting = {t.grad_fn}, [t.grad_fn]
    while waiting:
        for node, _ in waiting.pop().next_functions:
            if node is not None and node not in met:
                met.add(node)
                waiting.append(node)
    return len(met)


# ---------------------------------------------------------------- order_of_lines


@right("order_of_lines")
def gradients_in_the_other_order():
    return "EGBDFHAC"


@right("order_of_lines")
def in_a_list():
    return ["E", "G", "B", "D", "H", "F", "A", "C"]


@right("order_of_lines")
def with_spaces():
    return "E G D H F A B C".replace("D H F A B", "B D F H A")


@wrong("order_of_lines", "before both of its users had reported")
def passed_on_too_early():
    return "EGBDHCFA"


@wrong("order_of_lines", "H comes before A")
def adds_to_nothing():
    return "EGBDFAHC"


@wrong("order_of_lines", "Forward first")
def backward_before_forward():
    return "DFHACEGB"


@wrong("order_of_lines", "Backward starts at the result")
def grad_of_y_late():
    return "EGBHDFAC"


@wrong("order_of_lines", "each of the letters")
def one_line_missing():
    return "EGBDHAC"


# ---------------------------------------------------------------- diamond


@right("diamond")
def formula(x):
    x = x.detach()
    a = x.pow(2)
    return {
        "a from x": 2 * x,
        "b from a": -a.sin(),
        "y from a": a.cos(),
        "y from b": a.clone(),
        "y from x": 2 * x * (a.cos() - a * a.sin()),
    }


@right("diamond")
def backwards(x):
    a = x * x
    b = torch.cos(a)
    grad_b = a
    grad_a = b + grad_b * -torch.sin(a)
    return {
        "y from b": a,
        "y from a": b,
        "b from a": -torch.sin(a),
        "a from x": 2 * x,
        "y from x": grad_a * 2 * x,
    }


def _made(x, total, sine=-1.0, inner=None):
    a = x * x
    b = torch.cos(a)
    edges = {"a from x": 2 * x, "y from a": b, "y from b": a}
    edges["b from a"] = sine * torch.sin(a if inner is None else inner)
    return {**edges, "y from x": total(*edges.values())}


@wrong("diamond", "the sign is lost")
def cosine_without_its_sign(x):
    return _made(x, lambda ax, ya, yb, ba: (ya + yb * ba) * ax, sine=1.0)


@wrong("diamond", "the input of cos is a, not x")
def at_the_wrong_place(x):
    return _made(x, lambda ax, ya, yb, ba: (ya + yb * ba) * ax, inner=x)


@wrong("diamond", "The path through b is missing")
def direct_path_only(x):
    return _made(x, lambda ax, ya, yb, ba: ya * ax)


@wrong("diamond", "The direct path from a to y is missing")
def last_path_only(x):
    return _made(x, lambda ax, ya, yb, ba: yb * ba * ax)


@wrong("diamond", "over the paths add")
def product_of_paths(x):
    return _made(x, lambda ax, ya, yb, ba: ya * yb * ba * ax)


@wrong("diamond", "The edge from a to x is still to come")
def stopped_at_a(x):
    return _made(x, lambda ax, ya, yb, ba: ya + yb * ba)


@wrong("diamond", "These two are exchanged")
def factors_exchanged(x):
    made = _made(x, lambda ax, ya, yb, ba: (ya + yb * ba) * ax)
    return {**made, "y from a": made["y from b"], "y from b": made["y from a"]}


@wrong("diamond", "both paths together")
def edge_and_path_confused(x):
    made = _made(x, lambda ax, ya, yb, ba: (ya + yb * ba) * ax)
    return {**made, "y from a": made["y from a"] + made["y from b"] * made["b from a"]}


@wrong("diamond", "x can have any shape")
def one_number_only(x):
    x = x.detach()
    a = x * x
    sine = torch.tensor(math.sin(a), dtype=x.dtype)
    cosine = torch.tensor(math.cos(a), dtype=x.dtype)
    return {
        "a from x": 2 * x,
        "b from a": -sine,
        "y from a": cosine,
        "y from b": a,
        "y from x": 2 * x * (cosine - a * sine),
    }
