"""Answers to solutions/en/06_control_flow."""

import torch

from tests.answers import right, wrong

# ---------------------------------------------------------------- five_slopes


@right("five_slopes")
def as_floats():
    return (2048.0, 204800.0, 2.0, 128.0, -65536.0)


@right("five_slopes")
def counted():
    found = []
    for start, factor in ((0.7, 1), (0.7, 100), (600, 1), (13, 1)):
        k = 2
        while k * start < 1000:
            k *= 2
        found.append(factor * k)
    return [*found, -4 * found[-1] ** 2]


@right("five_slopes")
def as_a_tensor():
    return torch.tensor([2048, 204800, 2, 128, -65536])


@wrong("five_slopes", "one factor of 2 more")
def first_line_forgotten():
    return [1024, 102400, 1, 64, -16384]


@wrong("five_slopes", "and not once more")
def one_turn_too_many():
    return [4096, 409600, 2, 128, -65536]


@wrong("five_slopes", "not for the value")
def values():
    return [1433.6, -143360.0, 1200, 0, -512]


@wrong("five_slopes", "takes the else branch")
def branch_forgotten():
    return [2048, 2048, 2, 128, -65536]


@wrong("five_slopes", "is negative there. Its slope")
def negative_slope():
    return [2048, -204800, 2, 128, -65536]


@wrong("five_slopes", "the loop does not turn, but")
def no_factor_for_600():
    return [2048, 204800, 1, 128, -65536]


@wrong("five_slopes", "past 1000 already")
def one_turn_for_600():
    return [2048, 204800, 4, 128, -65536]


@wrong("five_slopes", "the element is 0")
def no_slope_at_zero():
    return [2048, 204800, 2, 0, -65536]


@wrong("five_slopes", "not for each element")
def norm_of_the_row():
    return [2048, 204800, 2, 256, -65536]


@wrong("five_slopes", "the weights are d itself")
def weights_not_seen():
    return [2048, 204800, 2, 128, 128]


@wrong("five_slopes", "still to be multiplied by the slope")
def weight_alone():
    return [2048, 204800, 2, 128, -512]


@wrong("five_slopes", "the weight is negative")
def sign_of_the_weight():
    return [2048, 204800, 2, 128, 65536]


# ---------------------------------------------------------------- slopes


@right("slopes")
def weights_of_one(f, x):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    y.backward(torch.ones_like(y))
    return leaf.grad


@right("slopes")
def asked_for(f, x):
    leaf = x.detach().requires_grad_()
    return torch.autograd.grad(f(leaf).sum(), leaf)[0]


@right("slopes")
def mean_times_n(f, x):
    x = x.detach().clone().requires_grad_()
    (f(x).mean() * x.numel()).backward()
    return x.grad


@wrong("slopes", "Take the sum")
def of_the_mean(f, x):
    x = x.detach().clone().requires_grad_()
    f(x).mean().backward()
    return x.grad


@wrong("slopes", "The results themselves were passed")
def weights_are_the_results(f, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    y.backward(y.detach())
    return x.grad


@wrong("slopes", "x was passed to backward")
def weights_are_x(f, x):
    x = x.detach().clone().requires_grad_()
    f(x).backward(x.detach())
    return x.grad


@wrong("slopes", "The norm weights each result")
def of_the_norm(f, x):
    x = x.detach().clone().requires_grad_()
    f(x).norm().backward()
    return x.grad


@wrong("slopes", "That is cos, whatever f is")
def known_from_school(f, x):
    f(x)
    return torch.cos(x.detach())


@wrong("slopes", "not its slopes")
def value_only(f, x):
    return f(x.detach())


@wrong("slopes", "One call for each point")
def point_by_point(f, x):
    found = []
    for number in x.detach():
        number = number.clone().requires_grad_()
        f(number).backward()
        found.append(number.grad)
    return torch.stack(found)


@wrong("slopes", "Two calls: a difference")
def by_differences(f, x):
    x = x.detach()
    wide = x.double()
    return ((f(wide + 1e-5) - f(wide - 1e-5)) / 2e-5).to(x.dtype)


@wrong("slopes", "grad can be implicitly created only for scalar outputs")
def not_repaired(f, x):
    x = x.detach().clone().requires_grad_()
    f(x).backward()
    return x.grad


@wrong("slopes", "does not require grad")
def no_leaf(f, x):
    y = f(x).sum()
    y.backward()
    return x.grad


@wrong("slopes", "Only one result was sent back")
def first_result_only(f, x):
    x = x.detach().clone().requires_grad_()
    f(x)[0].backward()
    return x.grad


@wrong("slopes", "is no leaf")
def clone_of_a_leaf(f, x):
    x = x.clone().requires_grad_()
    f(x).sum().backward()
    return x.grad


@wrong("slopes", "The shape differs")
def whole_jacobian(f, x):
    return torch.autograd.functional.jacobian(f, x.detach())


@wrong("slopes", "changed `x.requires_grad`")
def on_x_itself(f, x):
    x.requires_grad_()
    return torch.autograd.grad(f(x).sum(), x)[0]


@wrong("slopes", "give the weights the shape of y")
def weights_of_one_dimension(f, x):
    x = x.detach().clone().requires_grad_()
    f(x).backward(torch.ones(len(x)))
    return x.grad


# ---------------------------------------------------------------- safe_f


@right("safe_f")
def counted_in_the_loop(a):
    if not a.any() or a.isnan().any():
        raise ValueError("a must hold a number other than 0, and no nan")
    b = 2 * a
    while b.norm() < 1000:
        b = b + b
    return b if b.sum() > 0 else b * 100


@right("safe_f")
def looked_at_the_sizes(a):
    largest = a.detach().abs().max().item()
    if largest == 0 or largest != largest:
        raise ValueError(f"f cannot work with {largest}")
    return f(a)


@right("safe_f")
def by_lists(a):
    numbers = a.detach().flatten().tolist()
    if all(n == 0 for n in numbers):
        raise ValueError("all zeros")
    if any(n != n for n in numbers):
        raise ValueError("nan")
    return f(a)


@wrong("safe_f", "refuse only if all are 0")
def any_zero(a):
    if (a == 0).any() or torch.isnan(a).any():
        raise ValueError("0 or nan")
    return f(a)


@wrong("safe_f", "none of them may be left out")
def at_most_a_hundred_turns(a):
    b, turns = 2 * a, 0
    while b.norm() < 1000 and turns < 100:
        b, turns = b * 2, turns + 1
    if not b.norm() >= 1000:
        raise ValueError("0 or nan")
    return b if b.sum() > 0 else 100 * b


@wrong("safe_f", "none of them may be left out")
def almost_zero(a):
    if a.norm() < 1e-12 or a.isnan().any():
        raise ValueError("0 or nan")
    return f(a)


@wrong("safe_f", "nothing to return")
def zero_for_zero(a):
    if (a == 0).all():
        return torch.zeros_like(a)
    if a.isnan().any():
        raise ValueError("nan")
    return f(a)


@wrong("safe_f", "ask torch.isnan")
def compared_with_nan(a):
    if (a == 0).all() or (a == float("nan")).any():
        raise ValueError("0 or nan")
    return f(a)


@wrong("safe_f", "One nan is enough")
def all_are_nan(a):
    if (a == 0).all() or a.isnan().all():
        raise ValueError("0 or nan")
    return f(a)


@wrong("safe_f", "Boolean value of Tensor with more than one value is ambiguous")
def without_any_or_all(a):
    if a == 0 or torch.isnan(a):
        raise ValueError("0 or nan")
    return f(a)


@wrong("safe_f", "The sum of [1, -1] is 0")
def sum_is_zero(a):
    if a.sum() == 0 or a.sum().isnan():
        raise ValueError("0 or nan")
    return f(a)


@wrong("safe_f", "f copes with inf")
def finite_only(a):
    if (a == 0).all() or not torch.isfinite(a).all():
        raise ValueError("0, nan or inf")
    return f(a)


@wrong("safe_f", "A ValueError is asked for")
def asserted(a):
    assert (a != 0).any(), "0"
    assert not a.isnan().any(), "nan"
    return f(a)


@wrong("safe_f", "not connected to a")
def with_plain_numbers(a):
    if (a == 0).all() or a.isnan().any():
        raise ValueError("0 or nan")
    return f(a.detach())


@wrong("safe_f", "The else branch is missing")
def without_the_branch(a):
    if (a == 0).all() or a.isnan().any():
        raise ValueError("0 or nan")
    b = 2 * a
    while b.norm() < 1000:
        b = b * 2
    return b


@wrong("safe_f", "That is half of f")
def without_the_first_line(a):
    if (a == 0).all() or a.isnan().any():
        raise ValueError("0 or nan")
    b = a
    while (2 * b).norm() < 1000:
        b = b * 2
    return b if b.sum() > 0 else 100 * b


# ---------------------------------------------------------------- newton_sqrt


@right("newton_sqrt")
def until_it_stands_still(a):
    b, old = a, 0 * a
    while (b - old).abs() > 1e-10 * b:
        b, old = (b + a / b) / 2, b
    return b


@right("newton_sqrt")
def item_in_the_condition(a):
    b = torch.ones_like(a)
    while True:
        good = abs(b.item() ** 2 / a.item() - 1) < 1e-9
        b = 0.5 * b + 0.5 * a / b
        if good:
            return b


@right("newton_sqrt")
def one_turn_more(a):
    b = (1 + a) / 2
    while (b * b - a).abs() / a > 1e-7:
        b = (b + a / b) / 2
    for _ in range(2):
        b = (b + a / b) / 2
    return b


@right("newton_sqrt")
def often_enough(a):
    b = a
    for _ in range(40):
        b = (b + a / b) / 2
    return b


@wrong("newton_sqrt", "That is one turn only")
def once(a):
    b = a
    return (b + a / b) / 2


@wrong("newton_sqrt", "That is two turns")
def twice(a):
    b = a
    for _ in range(2):
        b = (b + a / b) / 2
    return b


@wrong("newton_sqrt", "A root or a power stands in the graph")
def known_already(a):
    b = a.sqrt()
    while abs(b * b - a) > 1e-8 * a:
        b = (b + a / b) / 2
    return b


@wrong("newton_sqrt", "A root or a power stands in the graph")
def as_a_power(a):
    return a**0.5


@wrong("newton_sqrt", "The mean was not halved")
def not_halved(a):
    b = a
    return b + a / b


@wrong("newton_sqrt", "Does the loop turn at all")
def condition_turned_around(a):
    b = a
    while abs(b * b - a) < 1e-12 * a:
        b = (b + a / b) / 2
    return b


@wrong("newton_sqrt", "not connected to a")
def from_an_item(a):
    number = a.item()
    b = number
    while abs(b * b - number) > 1e-12 * number:
        b = (b + number / b) / 2
    return torch.tensor(b, dtype=a.dtype)


@wrong("newton_sqrt", "not connected to a")
def nothing_recorded(a):
    with torch.no_grad():
        b = a
        while abs(b * b - a) > 1e-12 * a:
            b = (b + a / b) / 2
    return b


@wrong("newton_sqrt", "Only the lines before the loop are recorded")
def through_data(a):
    b = (1 + a) / 2
    while abs(b * b - a) > 1e-12 * a:
        b.data = (b.data + a.data / b.data) / 2
    return b


@wrong("newton_sqrt", "a loop that had forgotten a")
def a_is_cut_off(a):
    b, number = a, a.detach()
    while abs(b * b - number) > 1e-12 * number:
        b = (b + number / b) / 2
    return b


@wrong("newton_sqrt", "It comes after the value")
def stopped_at_six_digits(a):
    b = (1 + a) / 2
    while abs(b * b - a) > 1e-6 * a:
        b = (b + a / b) / 2
    return b


@wrong("newton_sqrt", "Let it turn at least once")
def no_turn_for_one(a):
    b = a
    while abs(b * b - a) > 1e-12 * a:
        b = (b + a / b) / 2
    return b


@wrong("newton_sqrt", "Let it turn at least once")
def a_constant_for_one(a):
    b = torch.ones_like(a)
    while abs(b * b - a) > 1e-12 * a:
        b = (b + a / b) / 2
    return b


@wrong("newton_sqrt", "not for every size")
def close_is_always_the_same(a):
    b = (1 + a) / 2
    while abs(b * b - a) > 1e-9:
        b = (b + a / b) / 2
    return b


@wrong("newton_sqrt", "not for every size")
def ten_turns(a):
    b = a
    for _ in range(10):
        b = (b + a / b) / 2
    return b


# ---------------------------------------------------------------- jump_at


@right("jump_at")
def with_autograd_grad(f, t, h):
    at = [torch.tensor(t + s * h, dtype=torch.float64, requires_grad=True) for s in (-1, 1)]
    values = [f(a) for a in at]
    left, right = (torch.autograd.grad(v, a)[0].item() for v, a in zip(values, at, strict=True))
    rise = (values[1] - values[0]).item()
    return {
        "jump": rise - h * (left + right),
        "quotient": rise / h / 2,
        "slope left": left,
        "slope right": right,
    }


@right("jump_at")
def with_straight_lines(f, t, h):
    def line(place):
        a = torch.tensor(place, requires_grad=True)  # float32 is accurate enough
        y = f(a)
        y.backward()
        return y.item(), a.grad.item(), lambda x: y.item() + a.grad.item() * (x - place)

    low, left, from_left = line(t - h)
    high, right, from_right = line(t + h)
    return {
        "slope left": left,
        "slope right": right,
        "quotient": (high - low) / (2 * h),
        "jump": from_right(t) - from_left(t),
    }


@right("jump_at")
def one_leaf_set_to_zero(f, t, h):
    a = torch.zeros((), dtype=torch.float64, requires_grad=True)
    found = []
    for place in (t - h, t + h):
        a.data.fill_(place)
        a.grad = None
        y = f(a)
        y.backward()
        found.append((y.item(), a.grad.item()))
    (low, left), (high, right) = found
    jump = (high - right * h) - (low + left * h)
    quotient = (high - low) / (2 * h)
    return {"slope left": left, "slope right": right, "quotient": quotient, "jump": jump}


def _point(f, place):
    a = torch.tensor(place, dtype=torch.float64, requires_grad=True)
    y = f(a)
    y.backward()
    return y.item(), a.grad.item()


def _measured(f, t, h, **changed):
    (low, left), (high, right) = _point(f, t - h), _point(f, t + h)
    jump = (high - right * h) - (low + left * h)
    quotient = (high - low) / (2 * h)
    found = {"slope left": left, "slope right": right, "quotient": quotient, "jump": jump}
    return {**found, **changed}


@wrong("jump_at", "The second slope holds the first one too")
def one_leaf_for_both(f, t, h):
    a = torch.tensor(t, dtype=torch.float64, requires_grad=True)
    low, high = f(a - h), f(a + h)
    low.backward()
    left = a.grad.item()
    high.backward()
    right = a.grad.item()
    jump = (high.item() - right * h) - (low.item() + left * h)
    quotient = (high.item() - low.item()) / (2 * h)
    return {"slope left": left, "slope right": right, "quotient": quotient, "jump": jump}


@wrong("jump_at", "The second slope holds the first one too")
def a_kept_grad(f, t, h):
    a = torch.tensor(t - h, dtype=torch.float64, requires_grad=True)
    low = f(a)
    low.backward()
    left = a.grad
    a.data += 2 * h
    high = f(a)
    high.backward()
    right = a.grad
    jump = (high - right * h) - (low + left * h)
    return _measured(f, t, h, **{"slope right": right.item(), "jump": jump.item()})


@wrong("jump_at", "the slope of the right piece")
def exchanged(f, t, h):
    return _measured(f, t, -h)


@wrong("jump_at", "t may be on the right")
def left_at_the_threshold(f, t, h):
    return _measured(f, t, h, **{"slope left": _point(f, t)[1]})


@wrong("jump_at", "t may belong to the left piece")
def right_at_the_threshold(f, t, h):
    (low, left), (high, _), (_, right) = _point(f, t - h), _point(f, t + h), _point(f, t)
    jump = (high - right * h) - (low + left * h)
    return _measured(f, t, h, **{"slope right": right, "jump": jump})


@wrong("jump_at", "2h, not h")
def divided_by_h(f, t, h):
    return _measured(f, t, h, quotient=(_point(f, t + h)[0] - _point(f, t - h)[0]) / h)


@wrong("jump_at", "A mean of the two slopes")
def mean_of_the_slopes(f, t, h):
    return _measured(f, t, h, quotient=(_point(f, t - h)[1] + _point(f, t + h)[1]) / 2)


@wrong("jump_at", "That is the quotient again")
def quotient_twice(f, t, h):
    return _measured(f, t, h, jump=_measured(f, t, h)["quotient"])


@wrong("jump_at", "The quotient is the difference divided by 2h")
def not_divided(f, t, h):
    return _measured(f, t, h, quotient=_point(f, t + h)[0] - _point(f, t - h)[0])


@wrong("jump_at", "That is the difference of the two values")
def jump_with_the_climb(f, t, h):
    return _measured(f, t, h, jump=_point(f, t + h)[0] - _point(f, t - h)[0])


@wrong("jump_at", "The jump is turned around")
def left_minus_right(f, t, h):
    return _measured(f, t, h, jump=-_measured(f, t, h)["jump"])


@wrong("jump_at", "prolonged away from t")
def signs_exchanged(f, t, h):
    (low, left), (high, right) = _point(f, t - h), _point(f, t + h)
    return _measured(f, t, h, jump=(high + right * h) - (low - left * h))


@wrong("jump_at", "the right one was not")
def only_left_prolonged(f, t, h):
    low, left = _point(f, t - h)
    return _measured(f, t, h, jump=_point(f, t + h)[0] - (low + left * h))


@wrong("jump_at", "the left one was not")
def only_right_prolonged(f, t, h):
    high, right = _point(f, t + h)
    return _measured(f, t, h, jump=high - right * h - _point(f, t - h)[0])


@wrong("jump_at", "not along that of the left")
def one_slope_for_both(f, t, h):
    (low, left), (high, _) = _point(f, t - h), _point(f, t + h)
    return _measured(f, t, h, jump=(high - left * h) - (low + left * h))


@wrong("jump_at", "the jump is a difference of values")
def slopes_subtracted(f, t, h):
    return _measured(f, t, h, jump=_point(f, t + h)[1] - _point(f, t - h)[1])


@wrong("jump_at", "expected a number, got a tensor")
def as_tensors(f, t, h):
    return {name: torch.tensor(part) for name, part in _measured(f, t, h).items()}


# ---------------------------------------------------------------- my_loop


@right("my_loop")
def down_to_one(a):
    b, slope = a.abs(), -1.0 if a < 0 else 1.0
    while b > 1:
        b, slope = b / 3 + 0.5, slope / 3
    return b, slope


@right("my_loop")
def slope_as_a_tensor(a):
    b, slope, turns = a, torch.ones_like(a), 0
    while turns < min(abs(a.item()), 500):
        slope = slope * b.cos() * 2
        b = 2 * b.sin()
        turns += 10
    return b, slope


@right("my_loop")
def counts_its_turns(a):
    b, slope, steps = a * a, 2 * a.item(), 0
    while b.item() > 100:
        b, slope, steps = b / 10 - 1, slope / 10, steps + 1
    return b + steps, slope


@wrong("my_loop", "for a number times a, as f is")
def halved(a):
    b, slope = a, 1.0
    while abs(b) > 1:
        b, slope = b / 2, slope / 2
    return b, slope


@wrong("my_loop", "turns equally often")
def three_turns(a):
    b, slope, turns = a, 1.0, 0
    while turns < 3:
        slope = slope * torch.cos(b)
        b = torch.sin(b)
        turns += 1
    return b, slope


@wrong("my_loop", "Two sizes only")
def one_if(a):
    if abs(a) > 2:
        return a / 3 + 1, 1 / 3
    return a, 1.0


@wrong("my_loop", "Two sizes only")
def does_nothing_with_b(a):
    turns = 0
    while turns < abs(a) and turns < 50:
        turns += 1
    b = a + turns if turns > 2 else a
    return b, 1.0


@wrong("my_loop", "The value is not connected to a")
def with_plain_numbers_only(a):
    b, slope = a.item(), 1.0
    while abs(b) > 1:
        b, slope = b / 3 + 0.5, slope / 3
    return torch.tensor(b), slope


@wrong("my_loop", "A backward pass has run")
def by_backward(a):
    b = a
    while abs(b) > 1:
        b = b / 3 + 0.5
    b.backward()
    return b, a.grad.item() if a.grad is not None else 1.0


@wrong("my_loop", "A backward pass has run")
def by_autograd_grad(a):
    b = a
    while abs(b) > 2:
        b = torch.log(1 + b * b)
    return b, torch.autograd.grad(b, a)[0] if b is not a else 1.0


@wrong("my_loop", "change the slope before b")
def value_changed_first(a):
    b, slope = a, 1.0
    while abs(b) > 2:
        b = torch.log(1 + b * b)
        slope = slope * 2 * b / (1 + b * b)
    return b, slope


@wrong("my_loop", "value / a at all four places")
def value_divided_by_a(a):
    b = a
    while abs(b) > 1:
        b = b / 3 + 0.5
    return b, b / a


@wrong("my_loop", "change the slope before b")
def last_turn_only(a):
    b, slope = a, 1.0
    while abs(b) > 2:
        slope = 2 * b / (1 + b * b)
        b = torch.log(1 + b * b)
    return b, slope


@wrong("my_loop", "Wrong everywhere")
def slope_begins_at_zero(a):
    b, slope = a, 0.0
    while abs(b) > 1:
        b, slope = b / 3 + 0.5, slope / 3
    return b, slope


@wrong("my_loop", "look for a lost minus")
def minus_lost(a):
    b, slope = 5 - a, 1.0
    while abs(b) > 4:
        b, slope = b / 3, slope / 3
    return b, slope


@wrong("my_loop", "A log or root of it is nan")
def root_of_a_negative(a):
    b, slope = a, 1.0
    while b > 2:
        slope = slope * (0.5 / torch.sqrt(b))
        b = torch.sqrt(b)
    return b if a >= 0 else torch.sqrt(a), slope


@wrong("my_loop", "grows beyond all floats")
def grows(a):
    b, slope, turns = a, 1.0, 0
    while turns < abs(a.item()) ** 0.5 and turns < 60:
        b, slope, turns = b * a.abs() / 2 + 1, slope * a.abs() / 2 + b * a.sign() / 2, turns + 1
    return b, slope


@wrong("my_loop", "is something divided by 0")
def one_over_a(a):
    b, slope = 1 / a, -1 / (a * a)
    while abs(b) < 1:
        b, slope = 2 * b, 2 * slope
    return b, slope


@wrong("my_loop", "cannot unpack non-iterable")
def nothing_but_a_print(a):
    b, slope = a, 1.0
    while abs(b) > 1:
        b, slope = b / 3 + 0.5, slope / 3
    print(b, slope)
