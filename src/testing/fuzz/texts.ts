// Bodies as texts: what a client writes when it is broken, old or hostile.
import type { Chance } from './chance.ts'

const mebibyte = 1024 * 1024

/** Texts that are no object of the API at all. */
export function oddBody(chance: Chance): string {
  return chance.one(bodies)(chance)
}

/** Long bodies are made now and then only, so that a run is not all about them. */
const bodies: readonly [(chance: Chance) => string, ...((chance: Chance) => string)[]] = [
  () => '',
  () => 'null',
  () => '[]',
  () => '"text"',
  () => '0',
  () => '{',
  () => '}',
  () => '\u0000\u0001\u0002',
  () => '\ufeff{}',
  () => '{"a":1,}',
  () => '{"a":NaN}',
  () => '{"a":1e999}',
  () => '{"a":-}',
  () => '{"a":01}',
  () => "{'a':1}",
  () => '{"a":"\\ud800"}',
  () => '{"a":"\\x41"}',
  () => '{"a":1}{"b":2}',
  () => '{"kind":"Pod","kind":"Service","apiVersion":"v1"}',
  () => '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  () => '{"metadata":{"__proto__":{"name":"x"}}}',
  () => '{"metadata":{"name":"x","labels":{"__proto__":"a","constructor":"b"}}}',
  () => '<?xml version="1.0"?><pod/>',
  () => 'k8s\u0000\n\u0006\n\u0002v1',
  chance => nested('[', ']', 10 ** (1 + chance.below(5))),
  chance => nested('{"a":', '}', 10 ** (1 + chance.below(5))),
  chance => `{"metadata":{"name":"deep","annotations":${nested('{"a":', '}', 10 ** (1 + chance.below(4)))}}}`,
  chance => `{"metadata":{"name":"big"},"data":{"a":"${big(chance)}"}}`,
  chance => `{"metadata":{"name":"big","annotations":{"a":"${big(chance)}"}}}`,
  chance => `[${'0,'.repeat(chance.is(0.1) ? mebibyte : 1000)}0]`,
  chance => `{"n":${'9'.repeat(10 ** (1 + chance.below(4)))}}`,
  ...[
    'a: &a [x]\nb: *a\n',
    'a: &a {b: *a}\n',
    '&a [*a]\n',
    'metadata: &m\n  name: x\n  labels: *m\n',
    'a: *nowhere\n',
    'metadata:\n\tname: x\n',
    'a: b: c\n',
    '- a\nb: c\n',
    '---\na: 1\n---\nb: 2\n',
    '%YAML 1.1\n---\nmetadata: {name: yes}\n',
    '%YAML 9.9\n---\na: 1\n',
    '%TAG ! tag:x,2000:\n---\n!foo a: 1\n',
    'a: !!js/function "function(){}"\n',
    'a: !!binary e30=\n',
    'a: !!timestamp 2026-01-15\n',
    'a: !!set {x, y}\n',
    'a: !!omap [x: 1]\n',
    'a: !!float .inf\nb: .nan\n',
    'base: &b {x: 1}\nmetadata:\n  <<: *b\n  name: merged\n',
    '? [complex, key]\n: value\n',
    '? {a: b}\n: value\n',
    '1: number\ntrue: truth\nnull: nothing\n',
    'metadata: {name: 2026-01-15}\n',
    'a: 0o17\nb: 0x1F\nc: 1_000\nd: 1e3\n',
    '"\\ud800": x\n',
    'a: |\n  text\n b: c\n',
    '__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n',
    'a: 1\na: 2\n',
    '{a: [}\n',
    '# nothing\n',
    '...\n',
    ': :\n',
    '@\n',
    '`\n',
    'a: "\n',
  ].map(text => () => text),
  chance => aliasBomb(4 + chance.below(8), 3 + chance.below(7)),
  () => `metadata:\n  name: bomb\n  annotations: ${aliasBomb(9, 9).replaceAll('\n', '\n    ')}\n`,
  chance => nested('[', ']', 10 ** (1 + chance.below(4))),
  chance => indented(10 ** (1 + chance.below(3))),
  chance => `a: ${'- '.repeat(10 ** (1 + chance.below(3)))}x\n`,
]

function nested(open: string, close: string, depth: number): string {
  return open.repeat(depth) + close.repeat(depth)
}

function big(chance: Chance): string {
  return 'x'.repeat(chance.is(0.1) ? chance.one([1, 1.5, 2, 3, 4]) * mebibyte : chance.below(300_000))
}

function indented(depth: number): string {
  return Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}a:\n`).join('')
}

/** Lists of lists of lists that cost nothing to write and everything to unfold ("billion laughs"). */
export function aliasBomb(levels: number, width: number): string {
  const lines = ['a0: &a0 [lol, lol]']
  for (let i = 1; i < levels; i++) {
    const aliases = Array.from({ length: width }, () => `*a${i - 1}`)
    lines.push(`a${i}: &a${i} [${aliases.join(', ')}]`)
  }
  return `${lines.join('\n')}\n`
}

/** A text with a few bytes changed, doubled or missing. */
export function spoilText(chance: Chance, text: string): string {
  let spoilt = text
  for (let i = 1 + chance.below(3); i > 0; i--) {
    const at = chance.below(spoilt.length + 1)
    const end = at + chance.below(12)
    const piece = chance.one([
      '',
      '"',
      ',',
      '{',
      '}',
      '[',
      ']',
      ':',
      '\\',
      '\u0000',
      '\ud800',
      '9',
      '-',
      '\t',
      '\n',
      '&a ',
      '*a',
      'null',
      '1e999',
      '"__proto__":',
      '/*',
    ])
    spoilt = chance.one([
      spoilt.slice(0, at),
      spoilt.slice(0, at) + spoilt.slice(end),
      spoilt.slice(0, at) + piece + spoilt.slice(at),
      spoilt.slice(0, at) + piece + spoilt.slice(end),
      spoilt.slice(0, end) + spoilt.slice(at),
    ])
  }
  return spoilt
}
