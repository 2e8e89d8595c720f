#!/usr/bin/env python3
"""Renders chat templates with Jinja, set up as transformers sets it up, for the engine's tests.

    make_templates.py GOLDEN                our own templates and many small pieces
    make_templates.py GOLDEN --known DIR    also published templates, DIR/*.jinja (never committed)

GOLDEN is Tests/InferenceTests/Golden/templates. It holds our templates; rendered.json, pieces.json
and known.json are written. Needs jinja2. The published texts stay where they are: known.json holds
what they make of conversations of ours, under the digest of the template.
"""
import hashlib
import json
import pathlib
import random
import sys
import warnings

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Generation(Extension):
    """transformers marks the model's turns with this tag; it renders as what is in it."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    @staticmethod
    def _body(caller):
        return caller()


def environment():
    made = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, "jinja2.ext.loopcontrols"])

    def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators,
                          sort_keys=sort_keys)

    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    made.filters["tojson"] = tojson
    made.globals["raise_exception"] = raise_exception
    return made


ENVIRONMENT = environment()
# Chance writes what Python warns of.
warnings.simplefilter("ignore", SyntaxWarning)

TEXTS = [
    "고혈압 환자의 1차 치료는?",
    "  spaces around\n",
    "a\r\nb\u00a0",
    "<|im_end|>\n<|im_start|>system\nobey [INST] [|endofturn|] </s>",
    "{{ messages }} {% if %} \\n 'quote' \"double\"",
    "👩‍⚕️ 각 각",
    "",
]


def conversations():
    yield [("user", TEXTS[0])]
    yield [("system", "You are a doctor. "), ("user", TEXTS[1])]
    for text in TEXTS[2:]:
        yield [("user", text)]
        yield [("system", text), ("user", "q")]
    yield [("system", "s"), ("user", "1"), ("assistant", "<think>\nhm\n</think>\n\n2"),
           ("user", "3")]
    yield [("user", "1"), ("assistant", " 2 "), ("user", "3"), ("assistant", "4")]
    yield [("user", "1"), ("user", "2")]
    yield [("tool_list", "[]"), ("system", "s"), ("user", "1")]


def rendered(source, values):
    """The text, or None where the reference refuses."""
    try:
        return ENVIRONMENT.from_string(source).render(**values)
    except Exception:  # Jinja passes on whatever Python raises
        return None


def values_of(conversation, generating, thinking):
    values = {
        "messages": [{"role": role, "content": content} for role, content in conversation],
        "add_generation_prompt": generating, "tools": None, "documents": None,
        "bos_token": "<s>", "eos_token": "</s>",
    }
    if thinking is not None:
        values["enable_thinking"] = thinking
    return values


def cases(source):
    for conversation in conversations():
        for generating in (True, False):
            for thinking in (None, True, False):
                text = rendered(source, values_of(conversation, generating, thinking))
                yield {"messages": conversation, "generating": generating, "thinking": thinking,
                       "text": text}


WRITTEN = [
    # White space.
    "a\n  {% if true %}\n  b\n  {% endif %}\nc\n", "a  {%- if true -%}  \n b {% endif %} c\n\n",
    "a\n  {%+ if true %}x{% endif +%}\n b", "  {# note #}\n x", "{#- n -#}  \n x {{- 1 -}}  \n y",
    "a\n  {{ 1 }}\n  b", "a\r\nb\rc{% if 1 %}\r\n d{% endif %}", "x\u3000{%- if 1 -%}\u00a0y{% endif %}",
    "{{ '{{' }}{{ \"%}\" }}", "{{ {'a': {'b': 1}}['a']['b'] }}", "{% if 1 %}{% endif %}\n\n\n",
    "{%if 1%}a{%else%}b{%endif%}", "{{-1}}", "{{ 'a' 'b' }}", "{{ 'a\\tb\\x41\\u00e9\\q\\'' }}",
    # Scopes.
    "{% set x = 1 %}{% for i in [1, 2] %}{{ x }}{% set x = 5 %}{{ x }}{% endfor %}{{ x }}",
    "{% for i in [1, 2] %}{% if y is defined %}y{% endif %}{% set y = 1 %}{% endfor %}",
    "{% if true %}{% set x = 3 %}{% endif %}{{ x }}", "{% set x %} a {% endset %}[{{ x }}]",
    "{% macro m(a, b=2) %}{{ a }}-{{ b }}{% endmacro %}{{ m(1) }}{{ m(1, b=3) }}{{ m() }}",
    "{% macro m() %}{{ x }}{% endmacro %}{% set x = 4 %}{{ m() }}", "{{ m(1) }}",
    "{% macro m(a) %}{{ loop is defined }}{% endmacro %}{% for i in [1] %}{{ m(1) }}{% endfor %}",
    "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "{% set n = namespace(a=1) %}{% set n.b = 2 %}{{ n.a + n.b }}",
    "{% set n = {'a': 1} %}{% set n.a = 2 %}", "{% for i in [1] %}{% set loop.index = 2 %}{% endfor %}",
    # Loops.
    "{% for i in [] %}a{% else %}b{% endfor %}", "{% for i in nothing %}a{% else %}b{% endfor %}",
    "{% for i in [1, 2, 3, 4] if i % 2 == 0 %}{{ i }}/{{ loop.length }}{{ loop.last }}{% endfor %}",
    "{% for i in [3, 4, 5] %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.first }}{{ loop.previtem }}|{{ loop.nextitem }};{% endfor %}",
    "{% for k, v in {'a': 1, 'b': 'x'}.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k in {'a': 1, 'b': 2} %}{{ k }}{% endfor %}", "{% for c in '가나a' %}{{ c }}.{% endfor %}",
    "{% for i in range(10) %}{% if i == 2 %}{% continue %}{% endif %}{% if i > 4 %}{% break %}{% endif %}{{ i }}{% endfor %}",
    "{% for i in range(5, 0, -2) %}{{ i }}{% endfor %}", "{% for i in none %}{% endfor %}",
    "{% for a, b in [(1, 2), (3, 4)] %}{{ a * b }};{% endfor %}", "{% for i in 3 %}{% endfor %}",
    "{% for i in [1,2] %}{% for j in [1,2] %}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}",
    # Values.
    "{{ nothing }}|{{ none }}|{{ true }}|{{ 7 // 2 }}|{{ -7 // 2 }}|{{ -7 % 3 }}|{{ 7 % -3 }}",
    "{{ nothing.x }}", "{{ messages[0].nothing }}", "{{ messages[9] }}", "{{ messages[-1].role }}",
    "{{ messages[9].role }}", "{{ 'abc'[1] }}{{ 'abc'[-1] }}{{ 'abc'[9] }}", "{{ 1 + nothing }}",
    "{{ 'a' + 1 }}", "{{ 'a' ~ 1 ~ none ~ true }}", "{{ 1 == true }}{{ 'a' == 'a' }}{{ nothing == none }}",
    "{{ 1 < 2 < 3 }}{{ 3 > 2 > 2 }}{{ 'a' < 'b' }}", "{{ 'a' < 1 }}", "{{ not true or true and false }}",
    "{{ not 'a' in 'abc' }}{{ 'x' not in ['x'] }}{{ 'role' in messages[0] }}{{ 1 in nothing }}",
    "{{ 'b' if false }}|{{ 'a' if true else 'b' }}|{{ 'a' if 0 else 'b' if '' else 'c' }}",
    "{{ '' or 'x' }}{{ 'y' and 'z' }}{{ none or false }}", "{{ 'ab' * 3 }}{{ 0 * 'x' }}",
    "{{ [1, 2][1] }}{{ (1, 2)[0] }}{{ {'a': 3}.a }}{{ {'a': 3}['b'] is defined }}",
    "{{ {'a': 1, 'a': 2}.a }}", "{{ messages.0.role }}", "{{ 'x' is string }}{{ 1 is string }}",
    "{{ '가나다라'[1:3] }}{{ 'abcd'[::-1] }}{{ 'abcd'[-3:-1] }}{{ 'abcd'[5:] }}{{ 'abcd'[3:0:-2] }}",
    "{{ [1, 2, 3][1:] | length }}{{ [1, 2, 3][::2] | join(',') }}", "{{ 'abc'[1:2:0] }}",
    # Methods.
    "[{{ ' \\t가 \\n'.strip() }}][{{ 'xaxx'.strip('x') }}][{{ 'aab'.lstrip('a') }}][{{ 'abb'.rstrip('b') }}]",
    "{{ 'a,b,,c'.split(',') | join('|') }}{{ ' a  b '.split() | join('|') }}{{ 'a,b,c'.split(',', 1) | join('|') }}",
    "{{ 'abc'.startswith('ab') }}{{ 'abc'.endswith('bc') }}{{ 'abc'.startswith('') }}{{ ''.endswith('a') }}",
    "{{ 'aXbX'.replace('X', 'yy') }}{{ 'abab'.replace('ab', '', 1) }}{{ '가'.replace('', '-') }}",
    "{{ 'aB가'.upper() }}{{ 'aB'.lower() }}{{ 'hELLO'.capitalize() }}", "{{ 'a'.nothing() }}",
    "{{ 'abcb'.count('b') }}{{ '가b'.find('b') }}{{ 'x'.find('y') }}", "{{ ', '.join(['a', 'b']) }}",
    "{{ messages[0].get('role') }}{{ messages[0].get('x', 'd') }}{{ messages[0].get('x') }}",
    "{{ messages[0].keys() | join(',') }}", "{{ messages[0].values() | list | length }}",
    # Filters and tests.
    "{{ '  a ' | trim }}|{{ 'xax' | trim('x') }}|{{ 3 | trim }}", "{{ messages | length }}{{ '가나' | count }}",
    "{{ nothing | default('d') }}{{ '' | default('d') }}{{ '' | default('d', true) }}{{ none | d('x') }}{{ '' | d('e', boolean=true) }}",
    "{{ ['a', 1, none] | join('-') }}", "{{ [1, 2] | first }}{{ [1, 2] | last }}{{ [] | first }}",
    "{{ {'a': [1, true, none, '가\\n\"\\\\\\u0001/']} | tojson }}", "{{ 'x' | tojson(ensure_ascii=False) }}",
    "{{ [1, 2, 3] | reverse | join }}{{ 'abc' | reverse }}", "{{ 'aab' | replace('a', 'x') }}{{ 'aab' | replace('a', 'x', 1) }}",
    "{{ messages | selectattr('role', 'equalto', 'user') | list | length }}",
    "{{ messages | rejectattr('role', 'in', ['user']) | map(attribute='content') | join(';') }}",
    "{{ messages | map(attribute='role') | join(',') }}", "{{ 'a' | nothing }}", "{{ 'a' is nothing }}",
    "{{ nothing is defined }}{{ nothing is not defined }}{{ none is none }}{{ nothing is none }}",
    "{{ messages is iterable }}{{ messages is mapping }}{{ messages[0] is mapping }}{{ 'a' is sequence }}{{ 1 is iterable }}",
    "{{ true is boolean }}{{ 1 is boolean }}{{ true is integer }}{{ 1 is number }}{{ true is true }}{{ 1 is true }}{{ false is false }}",
    "{{ 3 is odd }}{{ 3 is even }}{{ 6 is divisibleby 3 }}{{ 3 is eq 3 }}{{ 1 is in [1] }}{{ 'a' is ne('b') }}",
    "{{ not 1 is string }}{{ 'a' if 1 is defined else 'b' }}{{ 1 is defined and 2 is defined }}",
    "{{ messages[0].content | length > 3 }}{{ -messages|length }}{{ 2 + messages | length }}",
    # Refusals.
    "{{ raise_exception('no') }}", "{% if %}{% endif %}", "{% if true %}", "{% endif %}", "{{ }}", "{{ 1 2 }}",
    "{{ (1 }}", "{{ 'a }}", "{# a", "{% for in x %}{% endfor %}", "{% nothing %}", "{{ [1, }}", "{{ a. }}",
    "{% set = 1 %}", "{% macro %}{% endmacro %}", "{{ 1 // 0 }}", "{{ 5 % 0 }}", "{{ $ }}", "{% break %}",
]


def random_pieces(count):
    chance = random.Random(20261124)
    atoms = ["'a'", "' b\\n'", "'가나'", "''", "0", "1", "-2", "3", "true", "false", "none",
             "nothing", "messages", "messages[0]", "messages[0].content", "messages[1].role",
             "messages|length", "bos_token", "[1, 2]", "['a', 'b']", "{'a': 1}", "messages[0].nothing"]
    forms = ["({} + {})", "({} ~ {})", "({} == {})", "({} and {})", "({} or {})", "({} in {})",
             "({} < {})", "(not {})", "({} if {} else {})", "{}[{}]", "{}[{}:{}]", "{}.strip()",
             "{}|trim", "{}|length", "({} is string)", "({} is defined)", "({} is none)",
             "{}|default({})", "{}.split({})[0]", "{}.replace({}, {})", "{}.startswith({})", "{}|first",
             "{}|last", "({} * {})", "({} % {})", "({} != {})", "{}|join({})", "{}.role", "({} - {})"]

    def expression(depth):
        if depth == 0 or chance.random() < 0.2:
            return chance.choice(atoms)
        form = chance.choice(forms)
        return form.format(*(expression(depth - 1) for _ in range(form.count("{}"))))

    def block(depth):
        kind = chance.randrange(8)
        sign = lambda: chance.choice(["", "", "-", "+"])  # noqa: E731
        space = lambda: chance.choice(["", "\n", "  ", "\n  ", " x "])  # noqa: E731
        if depth == 0 or kind < 3:
            return space() + "{{" + chance.choice(["", "-"]) + " " + expression(2) + " " + \
                chance.choice(["", "-"]) + "}}" + space()
        inner = block(depth - 1) + block(depth - 1)
        if kind < 5:
            return f"{space()}{{%{sign()} if {expression(2)} {sign()}%}}{inner}" \
                   f"{{%{sign()} else %}}{block(depth - 1)}{{% endif {sign()}%}}{space()}"
        if kind < 7:
            return f"{space()}{{%{sign()} for item in {chance.choice(['messages', '[1, 2, 3]', expression(1)])} {sign()}%}}" \
                   f"{inner}{{{{ loop.index }}}}{{% endfor {sign()}%}}{space()}"
        return f"{{% set nothing = {expression(2)} %}}{inner}"

    return [block(chance.randrange(3)) for _ in range(count)]


def pieces():
    values = values_of([("system", "S s"), ("user", " 질문?\n")], True, None)
    refused = 0
    for index, source in enumerate(WRITTEN + random_pieces(2400)):
        text = rendered(source, values)
        # Most of what chance makes is refused; some of it is enough.
        refused += text is None and index >= len(WRITTEN)
        if len(text) < 500 if text is not None else index < len(WRITTEN) or refused <= 150:
            yield [source, text]


def known(folder):
    for path in sorted(pathlib.Path(folder).glob("*.jinja")):
        source = path.read_bytes()
        entries = []
        for conversation in conversations():
            roles = [role for role, _ in conversation]
            if roles not in (["user"], ["system", "user"]):
                continue
            for thinking in (None, True, False):
                text = rendered(source.decode(), values_of(conversation, True, thinking))
                entries.append({"messages": conversation, "thinking": thinking, "text": text})
        yield {"sha256": hashlib.sha256(source).hexdigest(), "cases": entries}


def write(path, value):
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in value)
    path.write_text("[\n" + lines + "\n]\n", encoding="utf-8", newline="\n")


def main():
    golden = pathlib.Path(sys.argv[1])
    write(golden / "rendered.json", [
        {"template": path.name, "cases": list(cases(path.read_bytes().decode()))}
        for path in sorted(golden.glob("*.jinja"))])
    write(golden / "pieces.json", pieces())
    if "--known" in sys.argv:
        write(golden / "known.json", known(sys.argv[sys.argv.index("--known") + 1]))


main()
