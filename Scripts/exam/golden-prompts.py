#!/usr/bin/env python3
"""Writes Tests/ExaminationTests/Golden/prompts.json with lm-evaluation-harness as the judge.

    pip install jinja2 pyyaml && pip download --no-deps lm_eval==0.4.13
    python3 Scripts/exam/golden-prompts.py lm_eval-0.4.13-py3-none-any.whl \
        > Tests/ExaminationTests/Golden/prompts.json

The harness's own templates and functions are taken out of the wheel and applied to our sample
items; nothing of the harness is copied into this repository. Examples are joined as its
`build_qa_turn` joins them: target delimiter " ", few-shot delimiter "\\n\\n", and for KorMedMCQA
the few-shot template that already holds both.
"""
import json
import sys
import types
import zipfile

import jinja2
import yaml

wheel = zipfile.ZipFile(sys.argv[1])
environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)


def text(path):
    return wheel.read("lm_eval/tasks/" + path).decode("utf-8")


def task(path):
    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.add_constructor("!function", lambda _, node: node.value)
    return yaml.load(text(path), loader)


def module(path):
    """Runs one of the wheel's task files, with the packages it imports but does not need here."""
    for name in ("datasets", "lm_eval", "lm_eval.api", "lm_eval.api.filter"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["datasets"].Dataset = object
    sys.modules["lm_eval.api.filter"].Filter = object
    scope = {}
    exec(compile(text(path), path, "exec"), scope)
    return scope


def render(template, doc):
    return environment.from_string(template).render(doc)


def read(name):
    with open("Samples/exam/" + name, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def letters(item, count):
    doc = dict(zip("ABCDE", item["options"][:count]))
    return doc | {"question": item["question"], "answer": "ABCDE".index(item["answer"]) + 1}


def four(item):
    """The item with its answer among its first four options."""
    options = list(item["options"])
    place = "ABCDE".index(item["answer"])
    if place == 4:
        options[3], options[4] = options[4], options[3]
        place = 3
    return item | {"options": options[:4], "answer": "ABCD"[place]}


# White space around the question, braces as in a template, and a passage.
HARD = {
    "id": "H-1", "question": "  {options} 중 {{question}}은?\u3000\n", "options": ["가", "나 ", "{letter}", "라", "마"],
    "answer": "E", "subject": None,
}
items, shots = read("items.ndjson")[:3] + [HARD], read("dev.ndjson")[:2]
cases = []


def case(preset, item, prompt, few=(), paragraph=None):
    record = {key: item[key] for key in ("id", "question", "options", "answer")}
    if paragraph:
        record["paragraph"] = paragraph
    cases.append({"preset": preset, "item": record, "shots": list(few), "prompt": prompt})


kormedmcqa = task("kormedmcqa/_template_yaml")
few_template = kormedmcqa["fewshot_config"]["doc_to_text"]
for item in items:
    prompt = render(kormedmcqa["doc_to_text"], letters(item, 5))
    case("kormedmcqa", item, prompt)
    prefix = "".join(render(few_template, letters(shot, 5)) for shot in shots)
    case("kormedmcqa", item, prefix + prompt, shots)

kmmlu = task("kmmlu/default/_default_kmmlu_yaml")
for item in map(four, items):
    prompt = render(kmmlu["doc_to_text"], letters(item, 4))
    case("kmmlu", item, prompt)
    few = [four(shot) for shot in shots]
    prefix = "".join(
        render(kmmlu["doc_to_text"], letters(s, 4)) + " " + s["answer"] + "\n\n" for s in few)
    case("kmmlu", item, prefix + prompt, few)

click = module("click/click_lang/utils.py")
for item in items:
    for paragraph in (None, "지문 첫 줄\n둘째 줄"):
        doc = {"paragraph": paragraph or "", "question": item["question"],
               "choices": item["options"]}
        case("click-harness", item, click["get_context"](doc), paragraph=paragraph)
        short = four(item)
        case("click", short, click["get_context"](doc | {"choices": short["options"]}),
             paragraph=paragraph)

medqa = module("medqa/preprocess_medqa.py")
medmcqa = module("medmcqa/utils_medmcqa.py")
for item in map(four, items):
    doc = {"sent1": item["question"]} | {f"ending{i}": o for i, o in enumerate(item["options"])}
    case("medqa", item, medqa["doc_to_text"](doc))
    doc = {"question": item["question"]} | dict(zip(("opa", "opb", "opc", "opd"), item["options"]))
    case("medmcqa", item, medmcqa["doc_to_text"](doc))

extract = module("kormedmcqa/utils.py")["extract_choice"]
ANSWERS = [
    "", "B", "정답: B", "정답：B", "정답 : c", "정답은 B입니다.", "정답은 B 입니다", "정답은\nD\n입니다",
    "정답은 A. 정답은 C.", "답은 D. 그러나 정답: A", "A는 아니고 B.", "A B C", "보기 E", "(D)", "D번", "d.",
    "E_", "_E", "B\u00a0", "정답\u3000:\u3000E", "A.B.C.", "가A.", "정답정답A", "정답: F", "F", "ABC", "A1",
    "1A", "정답은B입니다", "정답은 BC입니다", "정답: A 정답: B", "answer: e", "Ⅳ A", "A\u0301", "A²",
    "정답::: \n\nB", "정답은 : B", "B。", "C)", "“D”", "정답=C", "이것은 A이다", "A\nB\nC.", "\x1cB\x1c",
]
json.dump(
    {
        "made_by": "lm_eval 0.4.13 (MIT), jinja2 " + jinja2.__version__,
        "prompts": cases,
        "extraction": [{"text": text, "letter": extract(text) or None} for text in ANSWERS],
    },
    sys.stdout, ensure_ascii=False, indent=1)
print()
