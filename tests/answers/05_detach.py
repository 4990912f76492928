"""Answers to solutions/en/05_detach."""

import copy

import torch

from tests.answers import right, wrong

# ---------------------------------------------------------------- second_backward


@right("second_backward")
def in_another_order():
    return "gfda"


@right("second_backward")
def in_a_list():
    return ["a", "d", "f", "g"]


@right("second_backward")
def with_blanks():
    return "a d f g"


@wrong("second_backward", "a sum saves nothing that could be gone")
def always_an_error():
    return "abcdefg"


@wrong("second_backward", "a new graph with new saved values")
def computed_anew():
    return "acdfg"


@wrong("second_backward", "Ask what the shared operation has saved")
def shared_is_used_up():
    return "adefg"


@wrong("second_backward", "where the same product is walked twice")
def only_two_results():
    return "dfg"


@wrong("second_backward", "Two results, one exp")
def two_results_two_graphs():
    return "afg"


@wrong("second_backward", "but it frees what was saved")
def grad_frees_nothing():
    return "adg"


@wrong("second_backward", "holds for that one call")
def retained_for_ever():
    return "adf"


@wrong("second_backward", "Expected a collection of a, b, c, d, e, f, g")
def in_words():
    return "all but b and c"


# ---------------------------------------------------------------- influences


@right("influences")
def total_without_a_cut(f, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    (total,) = torch.autograd.grad((y * x).sum(), x)
    return {"direct": y.detach(), "through y": total - y.detach(), "total": total}


@right("influences")
def fresh_copies(f, x):
    def slope(z):
        leaf = x.detach().clone().requires_grad_()
        z(leaf).sum().backward()
        return leaf.grad

    return {
        "direct": slope(lambda x: f(x).detach() * x),
        "through y": slope(lambda x: f(x) * x.detach()),
        "total": slope(lambda x: f(x) * x),
    }


@right("influences")
def carried_across_by_hand(f, x):
    x = x.detach().clone().requires_grad_()
    y = f(x)
    u = y.detach().requires_grad_()
    (u * x).sum().backward()
    direct = x.grad.clone()
    y.backward(u.grad)
    return {"direct": direct, "through y": x.grad - direct, "total": x.grad}


def _slope(z, x):
    leaf = x.detach().clone().requires_grad_()
    z(leaf).sum().backward()
    return leaf.grad


@wrong("influences", "no road is cut")
def nothing_cut(f, x):
    total = _slope(lambda x: f(x) * x, x)
    return {"direct": total, "through y": total - f(x.detach()), "total": total}


@wrong("influences", "The roads are exchanged")
def roads_exchanged(f, x):
    return {
        "direct": _slope(lambda x: f(x) * x.detach(), x),
        "through y": _slope(lambda x: f(x).detach() * x, x),
        "total": _slope(lambda x: f(x) * x, x),
    }


@wrong("influences", "not by 1")
def direct_is_one(f, x):
    total = _slope(lambda x: f(x) * x, x)
    return {"direct": torch.ones_like(total), "through y": total - 1, "total": total}


@wrong("influences", "has the direct road in it")
def total_for_the_second_road(f, x):
    total = _slope(lambda x: f(x) * x, x)
    return {"direct": f(x.detach()), "through y": total, "total": total}


@wrong("influences", "multiplied by the factor x")
def slope_of_y(f, x):
    total = _slope(lambda x: f(x) * x, x)
    return {"direct": f(x.detach()), "through y": _slope(f, x), "total": total}


@wrong("influences", "still hold the first result?")
def grad_not_cleared(f, x):
    x = x.detach().clone().requires_grad_()
    (f(x).detach() * x).sum().backward()
    direct = x.grad.clone()
    (f(x) * x.detach()).sum().backward()
    through_y = x.grad.clone()
    return {"direct": direct, "through y": through_y, "total": direct + through_y}


@wrong("influences", "not their product")
def roads_multiplied(f, x):
    direct = f(x.detach())
    through_y = x.detach() * _slope(f, x)
    return {"direct": direct, "through y": through_y, "total": direct * through_y}


@wrong("influences", "contains everything twice")
def total_on_top(f, x):
    x = x.detach().clone().requires_grad_()
    (f(x).detach() * x).sum().backward()
    direct = x.grad.clone()
    (f(x) * x.detach()).sum().backward()
    through_y = x.grad - direct
    (f(x) * x).sum().backward()
    return {"direct": direct, "through y": through_y, "total": x.grad}


@wrong("influences", "Both factors are detached")
def both_cut(f, x):
    x = x.detach().clone().requires_grad_()
    (direct,) = torch.autograd.grad((f(x).detach() * x.detach()).sum(), x)
    return {"direct": direct, "through y": direct, "total": direct}


# ---------------------------------------------------------------- who_learns


def _learns(**others):
    return {
        "A": "w3",
        "B": "w2 w3",
        "C": "w3",
        "D": "w1 w3",
        "E": "w1 w2 w3",
        "F": "error",
        **others,
    }


@right("who_learns")
def made_by_a_helper():
    return _learns()


@right("who_learns")
def in_another_order_of_letters():
    return {letter: _learns()[letter] for letter in "FEDCBA"}


@right("who_learns")
def tried_out():
    def no_grad(h, w2):
        with torch.no_grad():
            return h * w2

    def outcome(make):
        weights = {f"w{i}": torch.ones((), requires_grad=True) for i in (1, 2, 3)}
        y = make(5 * weights["w1"], weights["w2"])
        (y * weights["w3"]).backward()
        return " ".join(name for name, w in weights.items() if w.grad is not None)

    return {
        "A": outcome(lambda h, w2: (h * w2).detach()),
        "B": outcome(lambda h, w2: h.detach() * w2),
        "C": outcome(no_grad),
        "D": outcome(lambda h, w2: h * w2.requires_grad_(False)),
        "E": outcome(lambda h, w2: h * w2),
        "F": "error",
    }


@wrong("who_learns", "w3 comes after the cut")
def nobody_after_a_detach():
    return _learns(A="error")


@wrong("who_learns", "the cut lies before w2")
def a_detach_cuts_all():
    return _learns(B="w3")


@wrong("who_learns", "What comes after it, w2 and w3, is recorded")
def a_detach_cuts_nothing():
    return _learns(B="w1 w2 w3")


@wrong("who_learns", "no_grad ends with its block")
def no_grad_for_ever():
    return _learns(C="")


@wrong("who_learns", "no road leads back to w1 or w2")
def no_grad_freezes_one():
    return _learns(C="w1 w3")


@wrong("who_learns", "The road through the product to w1 is open")
def frozen_like_no_grad():
    return _learns(D="w3")


@wrong("who_learns", "a leaf that does not require grad gets no .grad")
def frozen_gets_one():
    return _learns(D="w1 w2 w3")


@wrong("who_learns", "not what is recorded")
def eval_stops_recording():
    return _learns(E="w3")


@wrong("who_learns", "autograd would have to save y")
def inference_like_no_grad():
    return _learns(F="w3")


# ---------------------------------------------------------------- cuts


@right("cuts")
def both():
    return "CB"


@right("cuts")
def both_in_a_list():
    return ["B", "C"]


@right("cuts")
def both_in_a_set():
    return {"C", "B"}


@wrong("cuts", "One road is still cut, and silently")
def the_new_tensor_only():
    return "C"


@wrong("cuts", "repair it and the error remains")
def item_only():
    return "B"


@wrong("cuts", "shown is for people to look at")
def every_detach():
    return "BCE"


@wrong("cuts", "clone() makes a copy that knows where it came from")
def a_copy_is_a_cut():
    return "BCD"


@wrong("cuts", "backward is where the error shows")
def where_it_stops():
    return "H"


@wrong("cuts", "Taking one number out of a tensor")
def taking_a_part():
    return "BCF"


@wrong("cuts", "What happens to r after that?")
def the_root():
    return "AC"


# ---------------------------------------------------------------- pull


@right("pull")
def joined_with_cat(a, b, goal):
    a, b = (t.detach().clone().requires_grad_() for t in (a, b))
    p = torch.cat([a[None], b[None]])
    loss = (p / p.norm() - goal.detach()).pow(2).sum()
    grad_a, grad_b = torch.autograd.grad(loss, (a, b))
    return {"a": grad_a, "b": grad_b}


@right("pull")
def filled_in_place(a, b, goal):
    a, b = (t.detach().clone().requires_grad_() for t in (a, b))
    p = torch.zeros(2, dtype=a.dtype)
    p[0], p[1] = a, b
    (((p / (a**2 + b**2).sqrt()) - goal.detach()) ** 2).sum().backward()
    return {"a": a.grad, "b": b.grad}


@right("pull")
def number_by_number(a, b, goal):
    goal = goal.detach()

    def loss(a, b):
        r = torch.sqrt(a * a + b * b)
        return (a / r - goal[0]) ** 2 + (b / r - goal[1]) ** 2

    grad_a, grad_b = torch.func.grad(loss, argnums=(0, 1))(a.detach(), b.detach())
    return {"a": grad_a, "b": grad_b}


@wrong("pull", "The road through r is still cut")
def item_left(a, b, goal):
    a, b = (t.detach().clone().requires_grad_() for t in (a, b))
    scale = 1 / torch.sqrt(a * a + b * b).item()
    loss = ((scale * torch.stack([a, b]) - goal.detach()) ** 2).sum()
    loss.backward()
    return {"a": a.grad, "b": b.grad}


@wrong("pull", "The road through p is still cut")
def new_tensor_left(a, b, goal):
    a, b = (t.detach().clone().requires_grad_() for t in (a, b))
    scale = 1 / torch.sqrt(a * a + b * b)
    p = torch.tensor([a.item(), b.item()], dtype=a.dtype)
    ((scale * p - goal.detach()) ** 2).sum().backward()
    return {"a": a.grad, "b": b.grad}


@wrong("pull", "requires_grad on a new tensor connects nothing")
def requires_grad_on_the_point(a, b, goal):
    a, b = (t.detach().clone().requires_grad_() for t in (a, b))
    scale = 1 / torch.sqrt(a * a + b * b).item()
    p = torch.tensor([a.item(), b.item()], dtype=a.dtype, requires_grad=True)
    ((scale * p - goal.detach()) ** 2).sum().backward()
    return {"a": a.grad, "b": b.grad}


@wrong("pull", "requires_grad on a new tensor connects nothing")
def requires_grad_on_the_loss(a, b, goal):
    a, b = (t.detach().clone().requires_grad_() for t in (a, b))
    scale = 1 / torch.sqrt(a * a + b * b).item()
    p = torch.tensor([a.item(), b.item()], dtype=a.dtype)
    loss = ((scale * p - goal.detach()) ** 2).sum()
    loss.requires_grad_()
    loss.backward()
    return {"a": a.grad, "b": b.grad}


@wrong("pull", "both roads are still cut")
def both_cuts_left(a, b, goal):
    a, b = (t.detach().clone().requires_grad_() for t in (a, b))
    scale = 1 / torch.sqrt(a * a + b * b).item()
    p = torch.tensor([a.item(), b.item()], dtype=a.dtype)
    ((scale * p - goal.detach()) ** 2).sum().backward()
    return {"a": a.grad, "b": b.grad}


@wrong("pull", "torch.stack makes one")
def cat_of_numbers(a, b, goal):
    a, b = (t.detach().clone().requires_grad_() for t in (a, b))
    p = torch.cat([a, b]) / torch.sqrt(a * a + b * b)
    ((p - goal.detach()) ** 2).sum().backward()
    return {"a": a.grad, "b": b.grad}


@wrong("pull", "The slopes are exchanged")
def exchanged(a, b, goal):
    a, b = (t.detach().clone().requires_grad_() for t in (a, b))
    p = torch.stack([a, b]) / torch.sqrt(a * a + b * b)
    ((p - goal.detach()) ** 2).sum().backward()
    return {"a": b.grad, "b": a.grad}


@wrong("pull", "never filled is not a slope of 0")
def none_made_zero(a, b, goal):
    a, b = (t.detach().clone().requires_grad_() for t in (a, b))
    scale = 1 / torch.sqrt(a * a + b * b).item()
    p = torch.tensor([a.item(), b.item()], dtype=a.dtype)
    loss = ((scale * p - goal.detach()) ** 2).sum() + 0 * (a + b)
    loss.backward()
    return {"a": a.grad, "b": b.grad}


# ---------------------------------------------------------------- chase


@right("chase")
def no_grad_for_the_goal(guess, target, x, reward, next_x, discount):
    with torch.no_grad():
        goal = reward + discount * target(next_x)
    loss = torch.nn.functional.mse_loss(guess(x), goal)
    loss.backward()
    return float(loss)


@right("chase")
def a_copy_of_the_target(guess, target, x, reward, next_x, discount):
    constant = copy.deepcopy(target).requires_grad_(False)
    loss = (guess(x) - reward - discount * constant(next_x)).square().mean()
    loss.backward()
    return loss.detach().item()


@right("chase")
def gradients_put_in_place(guess, target, x, reward, next_x, discount):
    goal = (reward + discount * target(next_x)).detach()
    loss = (guess(x) - goal).pow(2).sum() / len(x)
    parameters = list(guess.parameters())
    for p, grad in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        p.grad = grad if p.grad is None else p.grad + grad
    return loss.item()


def _loss(prediction, reward, goal, discount):
    return ((prediction - (reward + discount * goal)) ** 2).mean()


@wrong("chase", "Detach its value")
def nothing_detached(guess, target, x, reward, next_x, discount):
    loss = _loss(guess(x), reward, target(next_x), discount)
    loss.backward()
    return loss.item()


@wrong("chase", "you detached the prediction")
def prediction_detached(guess, target, x, reward, next_x, discount):
    loss = _loss(guess(x).detach(), reward, target(next_x), discount)
    loss.backward()
    return loss.item()


@wrong("chase", "stays frozen for everybody")
def target_frozen(guess, target, x, reward, next_x, discount):
    target.requires_grad_(False)
    loss = _loss(guess(x), reward, target(next_x), discount)
    loss.backward()
    return loss.item()


@wrong("chase", "the loss has no graph")
def all_under_no_grad(guess, target, x, reward, next_x, discount):
    with torch.no_grad():
        loss = _loss(guess(x), reward, target(next_x), discount)
    loss.backward()
    return loss.item()


@wrong("chase", "whoever calls this decides when to clear")
def cleared_first(guess, target, x, reward, next_x, discount):
    guess.zero_grad()
    loss = _loss(guess(x), reward, target(next_x).detach(), discount)
    loss.backward()
    return loss.item()


@wrong("chase", "would keep its whole graph alive")
def the_loss_itself(guess, target, x, reward, next_x, discount):
    loss = _loss(guess(x), reward, target(next_x).detach(), discount)
    loss.backward()
    return loss


@wrong("chase", "The mean divides by their number")
def sum_of_squares(guess, target, x, reward, next_x, discount):
    loss = ((guess(x) - reward - discount * target(next_x).detach()) ** 2).sum()
    loss.backward()
    return loss.item()


@wrong("chase", "the road through the target counts here")
def detached_if_another_layer(guess, target, x, reward, next_x, discount):
    goal = target(next_x)
    if target is not guess:
        goal = goal.detach()
    loss = _loss(guess(x), reward, goal, discount)
    loss.backward()
    return loss.item()


@wrong("chase", "clearing the target's .grad clears that of the guess")
def cleared_afterwards(guess, target, x, reward, next_x, discount):
    loss = _loss(guess(x), reward, target(next_x), discount)
    loss.backward()
    target.zero_grad()
    return loss.item()


@wrong("chase", "freezing the target freezes the guess")
def frozen_for_a_while(guess, target, x, reward, next_x, discount):
    target.requires_grad_(False)
    loss = _loss(guess(x), reward, target(next_x), discount)
    target.requires_grad_(True)
    loss.backward()
    return loss.item()


# ---------------------------------------------------------------- run


@right("run")
def two_loops(w, xs, truncated):
    losses, h = [], torch.zeros((), dtype=xs.dtype)
    for x in xs:
        h = torch.tanh(w * h + x)
        losses.append((h - 1) ** 2)
        if truncated:
            losses[-1].backward()
            losses[-1] = losses[-1].detach()
            h = h.detach()
    if not truncated:
        sum(losses).backward()
    return [loss.item() for loss in losses]


@right("run")
def one_backward_for_both(w, xs, truncated):
    h, losses = 0.0, []
    for x in xs:
        if truncated and torch.is_tensor(h):
            h = h.detach()
        h = torch.tanh(w * h + x)
        losses.append((h - 1) ** 2)
    losses = torch.stack(losses)
    losses.sum().backward()
    return losses.tolist()


@right("run")
def state_as_a_number(w, xs, truncated):
    h, losses, total = 0.0, [], 0.0
    for x in xs:
        h = torch.tanh(w * (float(h) if truncated else h) + x)
        loss = (1 - h).square()
        losses.append(float(loss.detach()))
        total += loss
    total.backward()
    return losses


@wrong("run", "as retain_graph gives it")
def retained(w, xs, truncated):
    h, losses = torch.zeros((), dtype=xs.dtype), []
    for x in xs:
        h = torch.tanh(w * h + x)
        loss = (h - 1) ** 2
        loss.backward(retain_graph=True)
        losses.append(loss.item())
    return losses


@wrong("run", "whose graph is used up")
def as_it_was(w, xs, truncated):
    h, losses = torch.zeros((), dtype=xs.dtype), []
    for x in xs:
        h = torch.tanh(w * h + x)
        loss = (h - 1) ** 2
        loss.backward()
        losses.append(loss.item())
    return losses


@wrong("run", "The cut is too late")
def cut_behind_the_weight(w, xs, truncated):
    h, losses = torch.zeros((), dtype=xs.dtype), []
    for x in xs:
        h = torch.tanh(w * h + x).detach()
        loss = (h - 1) ** 2
        loss.backward()
        losses.append(loss.item())
    return losses


@wrong("run", "Keep loss.item(), a plain number")
def losses_with_their_graphs(w, xs, truncated):
    h, losses = torch.zeros((), dtype=xs.dtype), []
    for x in xs:
        h = torch.tanh(w * (h.detach() if truncated else h) + x)
        losses.append((h - 1) ** 2)
    sum(losses).backward()
    return losses


@wrong("run", "clear nothing between")
def cleared_in_each_round(w, xs, truncated):
    h, losses, before = torch.zeros((), dtype=xs.dtype), [], w.grad
    for x in xs:
        w.grad = None if before is None else before.clone()
        h = torch.tanh(w * h.detach() + x)
        loss = (h - 1) ** 2
        loss.backward()
        losses.append(loss.item())
    return losses


@wrong("run", "That is the mean over the rounds")
def mean_of_the_losses(w, xs, truncated):
    h, losses = torch.zeros((), dtype=xs.dtype), []
    for x in xs:
        h = torch.tanh(w * (h.detach() if truncated else h) + x)
        losses.append((h - 1) ** 2)
    torch.stack(losses).mean().backward()
    return [loss.item() for loss in losses]


@wrong("run", "to what is in w.grad already")
def cleared_at_the_start(w, xs, truncated):
    w.grad = None
    h, losses = torch.zeros((), dtype=xs.dtype), []
    for x in xs:
        h = torch.tanh(w * h.detach() + x)
        loss = (h - 1) ** 2
        loss.backward()
        losses.append(loss.item())
    return losses


@wrong("run", "That is truncated")
def always_truncated(w, xs, truncated):
    h, losses = torch.zeros((), dtype=xs.dtype), []
    for x in xs:
        h = torch.tanh(w * h.detach() + x)
        loss = (h - 1) ** 2
        loss.backward()
        losses.append(loss.item())
    return losses


@wrong("run", "Only the last loss went backward")
def last_loss_only(w, xs, truncated):
    h, losses = torch.zeros((), dtype=xs.dtype), []
    for x in xs:
        h = torch.tanh(w * (h.detach() if truncated else h) + x)
        loss = (h - 1) ** 2
        if truncated:
            loss.backward()
        losses.append(loss.item())
    if not truncated:
        loss.backward()
    return losses


@wrong("run", "go backward once at the end")
def cut_or_not_but_in_each_round(w, xs, truncated):
    h, losses = torch.zeros((), dtype=xs.dtype), []
    for x in xs:
        h = torch.tanh(w * (h.detach() if truncated else h) + x)
        loss = (h - 1) ** 2
        loss.backward()
        losses.append(loss.item())
    return losses


@wrong("run", "round n walks through n rounds again")
def retained_for_the_whole_way(w, xs, truncated):
    h, losses = torch.zeros((), dtype=xs.dtype), []
    for x in xs:
        h = torch.tanh(w * (h.detach() if truncated else h) + x)
        loss = (h - 1) ** 2
        loss.backward(retain_graph=not truncated)
        losses.append(loss.item())
    return losses


@wrong("run", "That is the state")
def states(w, xs, truncated):
    h, found = torch.zeros((), dtype=xs.dtype), []
    for x in xs:
        h = torch.tanh(w * h.detach() + x)
        ((h - 1) ** 2).backward()
        found.append(h.item())
    return found


@right("run")
def by_autograd_grad(w, xs, truncated):
    h, losses = torch.zeros((), dtype=xs.dtype), []
    for x in xs:
        h = torch.tanh(w * (h.detach() if truncated else h) + x)
        losses.append((h - 1) ** 2)
    (grad,) = torch.autograd.grad(sum(losses), w)
    w.grad = grad if w.grad is None else w.grad + grad
    return [loss.item() for loss in losses]


@right("run")
def expanded_square(w, xs, truncated):
    h, losses, total = xs[0] * 0, [], 0
    for x in xs:
        h = torch.tanh(torch.addcmul(x, w, h.detach() if truncated else h))
        loss = h * h - 2 * h + 1
        total = loss + total
        losses.append(loss.item())
    total.backward()
    return losses
