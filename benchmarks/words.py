"""What the pages and the plots say, in both languages of the book."""

from __future__ import annotations

from typing import Any

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "machine": (
            "a machine with {cores} cores ({kind}, {system}), Python {python}, PyTorch {torch}, "
            "Graphviz {dot}, torchviz {torchviz}, torchview {torchview}"
        ),
        "tools": {
            "structure": "seegrad, structure",
            "full": "seegrad, values and gradients",
            "folded": "seegrad, folded",
            "torchviz": "torchviz",
            "torchview": "torchview",
        },
        "cases": {
            "lesson": "a neuron of a lesson",
            "chain 100": "a chain of 100",
            "chain 1000": "a chain of 1,000",
            "wide 1000": "200 layers side by side",
            "gpt 1000": "a GPT-like stack of 18",
            "gpt 10000": "a GPT-like stack of 178",
        },
        "program": "program",
        "nodes": "autograd nodes",
        "first": "first {time}",
        "next": "first {first}, next {next}",
        "limit": "more than {limit:g}",
        "failed": "failed",
        "goals": {
            "structure": "for the same picture",
            "full": "for one with values and gradients",
        },
        "goal": "{ratio:.1f} for {case}",
        "at least": "more than {ratio:,.0f} for {case}",
        "line": "- {what}: {said}.",
        "and": "; ",
        "ratios": (
            "program", "threads", "plain, ms: min, median", "traced, ms: min, median",
            "ratio of minima", "ratio of medians", "rounds",
        ),
        "default": "default",
        "pair": "{low:.1f}, {median:.1f}",
        "point": "{tool} {time} s for {case}",
        "alt": "Time to a picture on a logarithmic axis, by program and tool: {said}",
        "seconds": "seconds to a picture (a triangle to the right: not ready by then)",
        "title": "Time to a picture of the graph, less is better",
    },
    "zh": {
        "machine": (
            "一台 {cores} 核的机器（{kind}，{system}），Python {python}，PyTorch {torch}，"
            "Graphviz {dot}，torchviz {torchviz}，torchview {torchview}"
        ),
        "tools": {
            "structure": "seegrad，结构",
            "full": "seegrad，值和梯度",
            "folded": "seegrad，折叠",
            "torchviz": "torchviz",
            "torchview": "torchview",
        },
        "cases": {
            "lesson": "课堂上的一个神经元",
            "chain 100": "长度为 100 的链",
            "chain 1000": "长度为 1,000 的链",
            "wide 1000": "并排的 200 层",
            "gpt 1000": "18 层的类 GPT 网络",
            "gpt 10000": "178 层的类 GPT 网络",
        },
        "program": "程序",
        "nodes": "自动微分节点",
        "first": "首张 {time}",
        "next": "首张 {first}，其后 {next}",
        "limit": "超过 {limit:g}",
        "failed": "失败",
        "goals": {"structure": "同样的图", "full": "带值和梯度的图"},
        "goal": "{case} {ratio:.1f} 倍",
        "at least": "{case}超过 {ratio:,.0f} 倍",
        "line": "- {what}：{said}。",
        "and": "；",
        "ratios": (
            "程序", "线程数", "不追踪（ms）：最小，中位", "追踪（ms）：最小，中位",
            "最小值之比", "中位数之比", "轮数",
        ),
        "default": "默认",
        "pair": "{low:.1f}，{median:.1f}",
        "point": "{case}，{tool} {time} 秒",
        "alt": "画出图的时间（对数坐标），按程序和工具：{said}",
        "seconds": "画出图的秒数（向右的三角：到那时还没画完）",
        "title": "画出计算图的时间，越小越好",
    },
}  # fmt: skip
