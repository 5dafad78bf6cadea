import { describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import { environmentWith } from './environment.ts'
import { fromJson, toJson } from './json.ts'
import { dynType, intType, listOf, mapOf, stringType } from './cel-type.ts'

const environment = environmentWith({
  variables: {
    object: dynType,
    x: intType,
    s: stringType,
    names: listOf(stringType),
    labels: mapOf(stringType, stringType),
  },
})
const bindings = {
  object: fromJson({ spec: { replicas: 3, sizes: [3, 1, 2], limits: { cpu: 1, memory: 2 }, name: 'web' } }),
  x: 5n,
  s: 'hello world',
  names: fromJson(['b', 'a', 'b']),
  labels: fromJson({ app: 'web' }),
}

/** What an expression gives, or why it gives nothing. */
function outcome(text: string, limit?: number): unknown {
  const { expression, error } = compile(text, environment)
  if (!expression) return error
  const evaluation = expression.evaluate(bindings, limit)
  return evaluation.error === undefined ? toJson(evaluation.value) : { error: evaluation.error }
}

const values: readonly (readonly [text: string, value: unknown])[] = [
  ['1 + 2 * 3 - 4 / 2', 5],
  ['-7 / 2 == -3 && -7 % 2 == -1', true],
  ['7.0 / 2.0', 3.5],
  ['"a" + "b" == "ab" ? "yes" : "no"', 'yes'],
  ['object.spec.replicas > 2 && has(object.spec.name) && !has(object.spec.image)', true],
  ['object.spec.replicas == 3.0 && object.spec.replicas < 3.5 && 2u < 3', true],
  ['false && 1 / 0 == 1 || true', true],
  ['[1, 2].exists(i, i / 0 == 1 || i == 2)', true],
  ['object.spec.sizes.map(i, i > 1, i * 2)', [6, 4]],
  ['object.spec.sizes.filter(i, i > 1)', [3, 2]],
  ['object.spec.sizes.exists_one(i, i == 3)', true],
  ['object.spec.limits.all(name, name in ["cpu", "memory"])', true],
  ['object.spec.limits.all(name, value, value > 0)', true],
  ['object.spec.limits.transformMap(name, value, value + 1)', { cpu: 2, memory: 3 }],
  ['object.spec.sizes.transformList(i, size, i > 0, size * 10)', [10, 20]],
  ['object.?spec.?image.orValue("none")', 'none'],
  ['object.spec[?"name"].optMap(n, n + "!").value()', 'web!'],
  ['[?optional.of(1), ?optional.none(), 2]', [1, 2]],
  ['{"a": 1, ?"b": optional.of(2)}', { a: 1, b: 2 }],
  ['s.split(" ").join("-")', 'hello-world'],
  ['s.substring(6) + s.charAt(0) + string(s.indexOf("o", 5))', 'worldh7'],
  ['"%s has %d".format([s, x])', 'hello world has 5'],
  [
    '"%.1f, %e, %s".format([1234.56, 3.14, ["a", 2.0, {"k": null}]])',
    '1,234.6, 3.140000×10⁰⁰, ["a", 2.000000, {"k":null}]',
  ],
  ['"%s, %.2f and %x".format([dyn("a"), dyn(1.5), dyn(255)])', 'a, 1.50 and ff'],
  ['"abc".matches("^a.c$") && "a1b22".findAll("[0-9]+") == ["1", "22"]', true],
  ['names.isSorted() || names.indexOf("a") == 1 && names.lastIndexOf("b") == 2', true],
  ['[3, 1, 2].sum() + [3, 1, 2].max() + [3, 1, 2].min()', 10],
  ['names.distinct() == ["b", "a"] && [[1], [2, 3]].flatten() == [1, 2, 3]', true],
  ['["bb", "a"].sortBy(e, e.size())', ['a', 'bb']],
  ['sets.contains([1, 2, 3], [3, 1]) && sets.equivalent([1, 1], [1]) && !sets.intersects([1], [2])', true],
  ['quantity("1Gi").isGreaterThan(quantity("1G")) && quantity("1500m").add(quantity("0.5")) == quantity("2")', true],
  ['quantity("50k").sub(20000).asInteger()', 30_000],
  [
    'ip("::1").isLoopback() && ip("10.0.0.1").family() == 4 && !isIP("10.0.0.256") && ip.isCanonical("2001:db8::1")',
    true,
  ],
  ['cidr("10.0.0.0/8").containsIP("10.1.2.3") && cidr("10.1.2.3/8").masked() == cidr("10.0.0.0/8")', true],
  ['string(cidr("fd00:1:0::/48").ip())', 'fd00:1::'],
  ['url("https://a.b:80/c%20d?e=1&e=2").getQuery()["e"]', ['1', '2']],
  ['url("https://[::1]:80/c").getHostname() + url("https://[::1]:80/c").getPort()', '::180'],
  ['isURL("/a") && !isURL("a")', true],
  ['semver("1.2.3").isLessThan(semver("1.10.0")) && semver("v1.2", true).minor() == 2 && !isSemver("1.02.3")', true],
  ['semver("1.0.0-alpha.1").compareTo(semver("1.0.0-alpha.beta"))', -1],
  ['format.dns1123Label().validate("A").hasValue() && !format.named("nope").hasValue()', true],
  ['timestamp("2024-02-29T23:30:00Z") + duration("1h") == timestamp("2024-03-01T09:30:00+09:00")', true],
  ['timestamp("2024-02-29T23:30:00Z").getDayOfYear() + timestamp("2024-02-29T23:30:00Z").getHours("+09:00")', 67],
  [
    'string(duration("1h30m500ms")) + " " + string(timestamp("2024-01-01T00:00:00.5Z"))',
    '5400.5s 2024-01-01T00:00:00.5Z',
  ],
  ['type(1) == int && type("") != int && type(duration("1s")) == google.protobuf.Duration', true],
  ['string(1.0) + string(1e21) + string(0.000001) + string(true)', '11e+211e-06true'],
  ['bytes("é").size() + "é".size()', 3],
  ['int("42") + int(3.9) + int(2u)', 47],
  [String.raw`"\u00e9\x41\101" + r"\n" + '''a'b'''`, String.raw`éAA\na'b`],
]

/** Texts of cel-go/parser/parser_test.go, of its checker and of recorded answers. */
const anyOperand =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"
const refused: readonly (readonly [text: string, ...issues: string[]])[] = [
  ['object.spec.', "1:13: Syntax error: no viable alternative at input '.'"],
  ['1 +', `1:4: Syntax error: mismatched input '<EOF>' expecting ${anyOperand}`],
  [
    '1 + +',
    `1:5: Syntax error: mismatched input '+' expecting ${anyOperand}`,
    `1:6: Syntax error: mismatched input '<EOF>' expecting ${anyOperand}`,
  ],
  [
    '*@a | b',
    `1:1: Syntax error: extraneous input '*' expecting ${anyOperand}`,
    "1:2: Syntax error: token recognition error at: '@'",
    "1:5: Syntax error: token recognition error at: '| '",
    "1:7: Syntax error: extraneous input 'b' expecting <EOF>",
  ],
  ['(x', "1:3: Syntax error: missing ')' at '<EOF>'"],
  ['for', '1:1: reserved identifier: for'],
  ['has(x)', '1:5: invalid argument to has() macro'],
  ['names.all(a.b, true)', '1:12: argument must be a simple name'],
  ['nothing.here == 1', "1:1: undeclared reference to 'nothing' (in container '')"],
  ['foo(1)', "1:4: undeclared reference to 'foo' (in container '')"],
  ['1 + "a"', "1:3: found no matching overload for '_+_' applied to '(int, string)'"],
  ['s.startsWith(1)', "1:13: found no matching overload for 'startsWith' applied to 'string.(int)'"],
  ['x == 5.0', "1:3: found no matching overload for '_==_' applied to '(int, double)'"],
  ['x && true', "1:1: expected type 'bool' but found 'int'"],
  ['s.x', "1:2: type 'string' does not support field selection"],
  ['[1, "a"]', "1:5: expected type 'int' but found 'string'"],
  [
    'x.all(i, true)',
    "1:1: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)",
  ],
  ['duration("1 hour") == duration("1h")', '1:10: invalid duration argument'],
  ['s.matches("[")', '1:11: invalid matches argument'],
  ['9223372036854775808', '1:1: invalid int literal'],
]

const failing: readonly (readonly [text: string, error: string])[] = [
  ['x / 0', 'division by zero'],
  ['9223372036854775807 + 1', 'integer overflow'],
  ['uint(0) - 1u', 'unsigned integer overflow'],
  ['object.spec.image', 'no such key: image'],
  ['[1][1]', 'index out of bounds: 1'],
  ['labels["b"]', 'no such key: b'],
  ['dyn(1) + dyn("a")', 'no such overload'],
  ['int("a")', "type conversion error from 'string' to 'int'"],
  ['s.find("(")', 'Illegal regex: error parsing regexp: missing closing ): `(`'],
  ['s.charAt(20)', 'index out of range: 20'],
  ['[].map(i, dyn(i)).min() == 1', 'min called on empty list'],
  ['optional.none().value()', 'optional.none() dereference'],
  ['quantity("a")', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
]

describe('[H1] expressions', () => {
  it.each(values)('%s', (text, value) => {
    expect(outcome(text)).toEqual(value)
  })

  it.each(refused)('refuses %s', (text, ...issues) => {
    const shown = String(outcome(text))
    expect(shown.split('\n').filter(line => line.startsWith('ERROR'))).toEqual(
      issues.map(each => `ERROR: <input>:${each}`),
    )
  })

  it.each(failing)('fails at %s', (text, error) => {
    expect(outcome(text)).toEqual({ error })
  })

  it('shows the place of a mistake in its line', () => {
    expect(outcome('x > 1 &&\n  "é" == y')).toBe(
      `ERROR: <input>:2:10: undeclared reference to 'y' (in container '')\n |   "é" == y\n | ...．.....^`,
    )
  })

  it('ends what costs too much, however it is nested', () => {
    const numbers = '[1,2,3,4,5,6,7,8,9,0]'
    const nested = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].reduceRight(
      (inner, v) => `${numbers}.all(${v}, ${inner})`,
      'true',
    )
    expect(outcome(nested)).toEqual({ error: 'operation cancelled: actual cost limit exceeded' })
    expect(outcome('[1, 2].all(i, i > 0) || true', 3)).toEqual({
      error: 'operation cancelled: actual cost limit exceeded',
    })
  })

  it('reads patterns in linear time', () => {
    expect(outcome(`"${'a'.repeat(3000)}b".matches("^(a+)+$")`)).toBe(false)
  })

  it('does not fall for names of the prototype', () => {
    expect(outcome('has(object.constructor) || "__proto__" in object')).toBe(false)
    expect(outcome('object.toString')).toEqual({ error: 'no such key: toString' })
  })

  it('refuses expressions that are nested too deep', () => {
    expect(outcome(`${'('.repeat(300)}1${')'.repeat(300)}`)).toBe(
      'ERROR: <input>:-1:0: expression recursion limit exceeded: 250',
    )
  })
})
