"""Answers to solutions/en/03_accumulation."""

import torch

from tests.answers import right, wrong

# ---------------------------------------------------------------- step_by_step


@right("step_by_step")
def with_points():
    return [3.0, 7.0, 0.0, 0.0, 5.0, None, 12.0]


@right("step_by_step")
def in_a_tuple():
    return 3, 3 + 2 * 2, 0, 0, 5, None, 3 * 2**2


@right("step_by_step")
def run_and_seen():
    x = torch.tensor(2.0, requires_grad=True)
    seen = []
    for slope in (lambda x: 3 * x, lambda x: x * x):
        slope(x).backward()
        seen.append(x.grad.clone())
    x.grad.zero_()
    seen += [x.grad.clone()] * 2
    (5 * x).backward()
    seen += [x.grad.clone(), None]
    x.grad = None
    (x * x * x).backward()
    return [*seen, x.grad]


@wrong("step_by_step", "after B, 3 + 4")
def overwritten():
    return [3, 4, 0, 0, 5, None, 12]


@wrong("step_by_step", "slopes, not values")
def slope_of_a_square_as_2():
    return [3, 5, 0, 0, 5, None, 12]


@wrong("step_by_step", "slopes, not values")
def values_in_place_of_slopes():
    return [6, 10, 0, 0, 10, None, 8]


@wrong("step_by_step", "It does not take it away")
def zero_is_none():
    return [3, 7, None, None, 5, None, 12]


@wrong("step_by_step", "Nothing reaches x before backward()")
def forward_fills():
    return [3, 7, 0, 5, 5, None, 12]


@wrong("step_by_step", "zero_() in C emptied .grad")
def zero_forgotten():
    return [3, 7, 0, 0, 12, None, 12]


@wrong("step_by_step", "None is not zero")
def none_is_zero():
    return [3, 7, 0, 0, 5, 0, 12]


@wrong("step_by_step", "F let go of the old gradient")
def none_does_nothing():
    return [3, 7, 0, 0, 5, None, 17]


@wrong("step_by_step", "8 is the value")
def value_of_the_cube():
    return [3, 7, 0, 0, 5, None, 8]


@wrong("step_by_step", "got a number")
def last_one_only():
    return 12


# ---------------------------------------------------------------- zero_grad


@right("zero_grad")
def early_continue(params, set_to_none=True):
    for p in params:
        if p.grad is None:
            continue
        if set_to_none:
            p.grad = None
        else:
            p.grad *= 0


@right("zero_grad")
def two_loops(params, set_to_none=True):
    if set_to_none:
        for p in params:
            p.grad = None
        return
    for gradient in [p.grad for p in params if p.grad is not None]:
        gradient.fill_(0)


@right("zero_grad")
def by_an_optimizer(params, set_to_none=True):
    torch.optim.SGD(params, lr=1.0).zero_grad(set_to_none=set_to_none)


@wrong("zero_grad", "has no zero_(). Ask first")
def as_it_stood(params, set_to_none=True):
    for p in params:
        p.grad.zero_()


@wrong("zero_grad", "The default is set_to_none=True")
def always_zeros(params, set_to_none=True):
    for p in params:
        if p.grad is not None:
            p.grad.zero_()


@wrong("zero_grad", "With set_to_none=False the tensors stay")
def always_none(params, set_to_none=True):
    for p in params:
        p.grad = None


@wrong("zero_grad", "return and break end the whole loop")
def ends_at_the_first_none(params, set_to_none=True):
    for p in params:
        if p.grad is None:
            return
        if set_to_none:
            p.grad = None
        else:
            p.grad.zero_()


@wrong("zero_grad", "return and break end the whole loop")
def breaks_at_none(params, set_to_none=True):
    for p in params:
        if set_to_none:
            p.grad = None
        elif p.grad is None:
            break
        else:
            p.grad.zero_()


@wrong("zero_grad", "Nothing was reset")
def another_meaning_for_the_name(params, set_to_none=True):
    for p in params:
        gradient = p.grad
        if set_to_none:
            gradient = None
        elif gradient is not None:
            gradient = torch.zeros_like(gradient)


@wrong("zero_grad", "assign None")
def a_number(params, set_to_none=True):
    for p in params:
        p.grad = 0


@wrong("zero_grad", "so 0 is refused")
def a_number_in_the_second_case(params, set_to_none=True):
    for p in params:
        p.grad = None if set_to_none else 0


@wrong("zero_grad", "You erased the weights")
def weights_erased(params, set_to_none=True):
    for p in params:
        if set_to_none:
            p.grad = None
        else:
            p.data.zero_()


@wrong("zero_grad", "It is p.grad that you want to reset")
def weights_in_place(params, set_to_none=True):
    for p in params:
        if set_to_none:
            p.grad = None
        else:
            p.zero_()


@wrong("zero_grad", "Where .grad was None it must stay None")
def none_filled_up(params, set_to_none=True):
    for p in params:
        p.grad = None if set_to_none else torch.zeros_like(p)


@wrong("zero_grad", "you put a new tensor there")
def new_zeros(params, set_to_none=True):
    for p in params:
        if set_to_none or p.grad is None:
            p.grad = None
        else:
            p.grad = torch.zeros_like(p)


@wrong("zero_grad", "shall return nothing")
def returns_params(params, set_to_none=True):
    for p in params:
        p.grad = None
    return params


# ---------------------------------------------------------------- separate


@right("separate")
def two_leaves(f, g, x):
    one, two = (x.detach().clone().requires_grad_() for _ in "fg")
    f(one).backward()
    g(two).backward()
    return one.grad, two.grad


@right("separate")
def let_go_between(f, g, x):
    leaf = x.detach().requires_grad_()
    f(leaf).backward()
    first = leaf.grad
    leaf.grad = None
    g(leaf).backward()
    return [first, leaf.grad]


@right("separate")
def subtracted(f, g, x):
    leaf = x.detach().clone().to(torch.float64).requires_grad_()
    f(leaf).backward()
    first = leaf.grad.clone()
    g(leaf).backward()
    return first.to(x.dtype), (leaf.grad - first).to(x.dtype)


@right("separate")
def by_autograd_grad(f, g, x):
    leaf = x.detach().requires_grad_()
    found = [torch.autograd.grad(loss(leaf), leaf)[0] for loss in (f, g)]
    return found[0], found[1]


@wrong("separate", "Both are the sum")
def second_name(f, g, x):
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward()
    first = leaf.grad
    g(leaf).backward()
    return first, leaf.grad


@wrong("separate", "Both are the gradient of g")
def second_name_and_zero(f, g, x):
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward()
    first = leaf.grad
    leaf.grad.zero_()
    g(leaf).backward()
    return first, leaf.grad


@wrong("separate", "detach() shares it too")
def detached_name_and_zero(f, g, x):
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward()
    first = leaf.grad.detach()
    leaf.grad.zero_()
    g(leaf).backward()
    return first, leaf.grad.detach()


@wrong("separate", "The second one holds the first as well")
def no_reset(f, g, x):
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward()
    first = leaf.grad.clone()
    g(leaf).backward()
    return first, leaf.grad


@wrong("separate", "Both are the sum")
def one_backward(f, g, x):
    leaf = x.detach().clone().requires_grad_()
    (f(leaf) + g(leaf)).backward()
    return leaf.grad, leaf.grad


@wrong("separate", "The two are exchanged")
def exchanged(f, g, x):
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward()
    first = leaf.grad.clone()
    leaf.grad = None
    g(leaf).backward()
    return leaf.grad, first


@wrong("separate", "Your first gradient was reset to zero")
def reset_too_late(f, g, x):
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward()
    first = leaf.grad
    leaf.grad.zero_()
    other = x.detach().clone().requires_grad_()
    g(other).backward()
    return first, other.grad


@wrong("separate", "You marked x itself")
def on_x_itself(f, g, x):
    x.requires_grad_()
    x.grad = None
    f(x).backward()
    first = x.grad.clone()
    x.grad.zero_()
    g(x).backward()
    return first, x.grad


@wrong("separate", "Nothing was recorded")
def never_marked(f, g, x):
    leaf = x.detach().clone()
    f(leaf).backward()
    first = leaf.grad.clone()
    return first, first


# ---------------------------------------------------------------- order_of_step


@right("order_of_step")
def reset_before_backward():
    return "EBDFCA"


@right("order_of_step")
def reset_at_the_end():
    return ["E", "D", "F", "C", "A", "B"]


@right("order_of_step")
def with_spaces():
    return "B E D F C A"


@wrong("order_of_step", "clipping comes too late")
def clipped_after_the_step():
    return "BEDAFC"


@wrong("order_of_step", "clipping comes too late")
def norm_only_before_the_step():
    return "BEDFAC"


@wrong("order_of_step", "throws the gradient away")
def reset_after_backward():
    return "EDBFCA"


@wrong("order_of_step", "throws the gradient away")
def reset_before_the_step():
    return "EDFCBA"


@wrong("order_of_step", "Before backward() there is no gradient")
def step_first():
    return "BAEDFC"


@wrong("order_of_step", "Before backward() there is no gradient")
def clipped_before_backward():
    return "BEFCDA"


@wrong("order_of_step", "E comes before D")
def backward_before_forward():
    return "BDEFCA"


@wrong("order_of_step", "C needs the norm")
def norm_too_late():
    return "BEDCFA"


# ---------------------------------------------------------------- descend


@right("descend")
def new_leaf_each_step(loss_of, w, lr, steps):
    w = w.detach().clone().requires_grad_()
    for _ in range(steps):
        loss_of(w).backward()
        w = (w - lr * w.grad).detach().requires_grad_()
    return w


@right("descend")
def through_data(loss_of, w, lr, steps):
    made = torch.nn.Parameter(w.detach().clone())
    for _ in range(steps):
        loss_of(made).backward()
        made.data -= lr * made.grad
        made.grad.zero_()
    return made


@right("descend")
def with_an_optimizer(loss_of, w, lr, steps):
    w = w.detach().clone().requires_grad_()
    optimizer = torch.optim.SGD([w], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        loss_of(w).backward()
        optimizer.step()
    return w


@wrong("descend", "In the second step w is not marked any more")
def the_broken_one(loss_of, w, lr, steps):
    w = w.detach().clone().requires_grad_()
    for _ in range(steps):
        w.grad = None
        loss_of(w).backward()
        with torch.no_grad():
            w = w - lr * w.grad
    return w


@wrong("descend", "w is a result from then on")
def recorded_step(loss_of, w, lr, steps):
    w = w.detach().clone().requires_grad_()
    for _ in range(steps):
        w.grad = None
        loss_of(w).backward()
        w = w - lr * w.grad
    return w


@wrong("descend", "has no .grad to reset")
def recorded_step_and_zero(loss_of, w, lr, steps):
    w = w.detach().clone().requires_grad_()
    for _ in range(steps):
        loss_of(w).backward()
        w = w - lr * w.grad
        w.grad.zero_()
    return w


@wrong("descend", "not while PyTorch records")
def in_place_while_recording(loss_of, w, lr, steps):
    w = w.detach().clone().requires_grad_()
    for _ in range(steps):
        w.grad = None
        loss_of(w).backward()
        w -= lr * w.grad
    return w


@wrong("descend", "Never reset")
def never_reset(loss_of, w, lr, steps):
    w = w.detach().clone().requires_grad_()
    for _ in range(steps):
        loss_of(w).backward()
        with torch.no_grad():
            w -= lr * w.grad
    return w


@wrong("descend", "w is where it began")
def erased_before_the_step(loss_of, w, lr, steps):
    w = w.detach().clone().requires_grad_()
    for _ in range(steps):
        loss_of(w).backward()
        w.grad.zero_()
        with torch.no_grad():
            w -= lr * w.grad
    return w


@wrong("descend", "was another tensor moved")
def moved_a_copy(loss_of, w, lr, steps):
    w = w.detach().clone().requires_grad_()
    for _ in range(steps):
        w.grad = None
        loss_of(w).backward()
        copy = w.detach().clone()
        copy -= lr * w.grad
    return w


@wrong("descend", "subtract the gradient")
def uphill(loss_of, w, lr, steps):
    w = w.detach().clone().requires_grad_()
    for _ in range(steps):
        w.grad = None
        loss_of(w).backward()
        with torch.no_grad():
            w += lr * w.grad
    return w


@wrong("descend", "Does `return` stand inside the loop")  # noqa: RET503
def returned_too_early(loss_of, w, lr, steps):
    w = w.detach().clone().requires_grad_()
    for _ in range(steps):
        loss_of(w).backward()
        with torch.no_grad():
            w -= lr * w.grad
        return w


@wrong("descend", "nobody can go on training it")
def returned_detached(loss_of, w, lr, steps):
    w = w.detach().clone().requires_grad_()
    for _ in range(steps):
        w.grad = None
        loss_of(w).backward()
        with torch.no_grad():
            w -= lr * w.grad
    return w.detach()


@wrong("descend", "With 0 steps too the result must be a marked leaf")
def marked_in_the_loop(loss_of, w, lr, steps):
    w = w.detach().clone()
    for _ in range(steps):
        w.requires_grad_()
        w.grad = None
        loss_of(w).backward()
        with torch.no_grad():
            w -= lr * w.grad
    return w


@wrong("descend", "The result is no leaf")
def returned_a_result(loss_of, w, lr, steps):
    w = w.detach().clone().requires_grad_()
    for _ in range(steps):
        w.grad = None
        loss_of(w).backward()
        with torch.no_grad():
            w -= lr * w.grad
    return w * 1


@wrong("descend", "shares its memory with w")
def shared_with_the_caller(loss_of, w, lr, steps):
    w = w.detach().requires_grad_()
    for _ in range(steps):
        w.grad = None
        loss_of(w).backward()
        with torch.no_grad():
            w -= lr * w.grad
    return w


# ---------------------------------------------------------------- same_as_whole


@right("same_as_whole")
def another_order():
    return "edb"


@right("same_as_whole")
def in_a_set():
    return {"b", "d", "e"}


@right("same_as_whole")
def letters_with_spaces():
    return "b d e"


@wrong("same_as_whole", "twice too big")
def means_add_up():
    return "ade"


@wrong("same_as_whole", "1/8 among the four")
def two_pieces_divide_by_two():
    return "bcde"


@wrong("same_as_whole", "throws the first half away")
def reset_between():
    return "bdef"


@wrong("same_as_whole", "e adds the losses and goes backward once")
def backward_must_be_called_twice():
    return "bd"


@wrong("same_as_whole", "unequal pieces are no problem for a sum")
def unequal_never_works():
    return "be"


@wrong("same_as_whole", "in b, each sample counts")
def only_one_backward():
    return "de"


# ---------------------------------------------------------------- in_pieces


@right("in_pieces")
def rows_first(loss_of, w, chunks):
    leaf = w.detach().clone().requires_grad_()
    for chunk in chunks:
        (loss_of(leaf, chunk) * chunk.shape[0]).backward()
    return leaf.grad / sum(chunk.shape[0] for chunk in chunks)


@right("in_pieces")
def added_by_hand(loss_of, w, chunks):
    total, rows = torch.zeros_like(w.detach()), 0
    for chunk in chunks:
        leaf = w.detach().requires_grad_()
        loss_of(leaf, chunk).backward()
        total += len(chunk) * leaf.grad
        rows += len(chunk)
    return total / rows


@right("in_pieces")
def upstream(loss_of, w, chunks):
    leaf = w.detach().clone().requires_grad_()
    rows = sum(map(len, chunks))
    for chunk in chunks:
        loss = loss_of(leaf, chunk)
        loss.backward(torch.full_like(loss, len(chunk) / rows))
    return leaf.grad


@wrong("in_pieces", "each chunk counts in full")
def sum_of_means(loss_of, w, chunks):
    leaf = w.detach().clone().requires_grad_()
    for chunk in chunks:
        loss_of(leaf, chunk).backward()
    return leaf.grad


@wrong("in_pieces", "Every chunk counts the same here")
def mean_of_means(loss_of, w, chunks):
    leaf = w.detach().clone().requires_grad_()
    for chunk in chunks:
        (loss_of(leaf, chunk) / len(chunks)).backward()
    return leaf.grad


@wrong("in_pieces", "divide by the number of all rows")
def not_divided(loss_of, w, chunks):
    leaf = w.detach().clone().requires_grad_()
    for chunk in chunks:
        (len(chunk) * loss_of(leaf, chunk)).backward()
    return leaf.grad


@wrong("in_pieces", "not by the number of chunks")
def divided_by_chunks(loss_of, w, chunks):
    leaf = w.detach().clone().requires_grad_()
    for chunk in chunks:
        (len(chunk) / len(chunks) * loss_of(leaf, chunk)).backward()
    return leaf.grad


@wrong("in_pieces", "A mean is divided by the number of rows already")
def divided_by_rows(loss_of, w, chunks):
    leaf = w.detach().clone().requires_grad_()
    rows = sum(len(chunk) for chunk in chunks)
    for chunk in chunks:
        (loss_of(leaf, chunk) / rows).backward()
    return leaf.grad


@wrong("in_pieces", "do not reset between the chunks")
def reset_in_the_loop(loss_of, w, chunks):
    leaf = w.detach().clone().requires_grad_()
    rows = sum(len(chunk) for chunk in chunks)
    for chunk in chunks:
        leaf.grad = None
        (len(chunk) / rows * loss_of(leaf, chunk)).backward()
    return leaf.grad


@wrong("in_pieces", "The gradient of the first chunk is there alone")  # noqa: RET503
def returned_in_the_loop(loss_of, w, chunks):
    leaf = w.detach().clone().requires_grad_()
    rows = sum(len(chunk) for chunk in chunks)
    for chunk in chunks:
        (len(chunk) / rows * loss_of(leaf, chunk)).backward()
        return leaf.grad


@wrong("in_pieces", "with // a share is rounded down")
def rounded_down(loss_of, w, chunks):
    leaf = w.detach().clone().requires_grad_()
    rows = sum(len(chunk) for chunk in chunks)
    for chunk in chunks:
        (len(chunk) // rows * loss_of(leaf, chunk)).backward()
    return leaf.grad


@wrong("in_pieces", "You joined the chunks")
def joined(loss_of, w, chunks):
    leaf = w.detach().clone().requires_grad_()
    loss_of(leaf, torch.cat(chunks)).backward()
    return leaf.grad


@wrong("in_pieces", "You marked w itself")
def on_w_itself(loss_of, w, chunks):
    rows = sum(len(chunk) for chunk in chunks)
    w.requires_grad_()
    w.grad = None
    for chunk in chunks:
        (len(chunk) / rows * loss_of(w, chunk)).backward()
    return w.grad


@wrong("in_pieces", "w.clone() is a result and keeps no gradient")
def on_a_clone(loss_of, w, chunks):
    leaf = w.clone().requires_grad_()
    rows = sum(len(chunk) for chunk in chunks)
    for chunk in chunks:
        (len(chunk) / rows * loss_of(leaf, chunk)).backward()
    return leaf.grad


@wrong("in_pieces", "The caller's w.grad was reset")
def the_caller_is_reset(loss_of, w, chunks):
    w.grad = None
    leaf = w.detach().clone().requires_grad_()
    rows = sum(len(chunk) for chunk in chunks)
    for chunk in chunks:
        (len(chunk) / rows * loss_of(leaf, chunk)).backward()
    return leaf.grad
