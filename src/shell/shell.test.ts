import { describe, expect, it } from 'vitest'
import { ShellLab } from '../testing/shell-lab.ts'

/** Scripts and what they print, as bash prints it. */
const scripts: readonly (readonly [what: string, script: string, output: string])[] = [
  ['prints its words', 'echo hello   world', 'hello world\n'],
  ['keeps quoted blanks', `echo "a   b" 'c   d' e\\ \\ f`, 'a   b c   d e  f\n'],
  ['expands variables', 'x=5; echo "$x ${x}0 $y."', '5 50 .\n'],
  ['splits unquoted values', 'x="a b"; for i in $x; do echo $i; done', 'a\nb\n'],
  ['does not split quoted values', 'x="a b"; for i in "$x"; do echo $i; done', 'a b\n'],
  ['knows defaults and lengths', 'x=abc; echo ${y:-none} ${#x} ${x:+set}', 'none 3 set\n'],
  ['trims values', 'f=a/b/c.tar.gz; echo ${f##*/} ${f%.*} ${f%%.*} ${f#*/}', 'c.tar.gz a/b/c.tar a/b/c b/c.tar.gz\n'],
  ['replaces in values', 'x=aXbX; echo ${x/X/-} ${x//X/-}', 'a-bX a-b-\n'],
  ['substitutes commands', 'echo "[$(echo a; echo b)]" `echo c`', '[a\nb] c\n'],
  ['nests substitutions', 'echo $(echo $(echo deep))', 'deep\n'],
  ['calculates', 'i=3; echo $((i * (2 + 4) % 5)) $((i++)) $i', '3 3 4\n'],
  ['chooses with &&, || and !', 'true && echo a || echo b; false && echo c || echo d; ! false && echo e', 'a\nd\ne\n'],
  ['branches', 'if [ 1 -gt 2 ]; then echo a; elif test -n x; then echo b; else echo c; fi', 'b\n'],
  ['loops while', 'i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done', '0\n1\n2\n'],
  ['loops until', 'i=0; until [ $i -eq 2 ]; do i=$((i+1)); done; echo $i', '2\n'],
  ['breaks and continues', 'for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done', '1\n3\n'],
  [
    'chooses by pattern',
    'for x in web-1 db other; do case $x in web-*) echo w;; db|sql) echo d;; *) echo ?;; esac; done',
    'w\nd\n?\n',
  ],
  ['expands braces', 'echo {1..4} w{1..3}-k8s {a,b}c', '1 2 3 4 w1-k8s w2-k8s w3-k8s ac bc\n'],
  ['pipes', 'echo "b\na" | cat | grep a', 'a\n'],
  ['filters lines', 'printf "a 1\\nb 2\\na 3\\n" | grep a', 'a 1\na 3\n'],
  ['writes and appends files', 'echo one > f; echo two >> f; cat f; cat < f', 'one\ntwo\none\ntwo\n'],
  ['throws output away', 'echo gone > /dev/null; ls-not-there 2>/dev/null; echo $?', '127\n'],
  ['joins stderr and stdout', 'nope 2>&1 | grep -c found', '1\n'],
  ['reads here-documents', "x=1\ncat <<EOF\nv=$x\nEOF\ncat <<'END'\n$x\nEND", 'v=1\n$x\n'],
  [
    'calls functions with arguments',
    'f() { local y=$1; echo "$# $y $2"; return 3; }; y=q; f a b; echo $? $y',
    '2 a b\n3 q\n',
  ],
  ['keeps a subshell apart', 'x=1; (x=2; cd /tmp; echo $x); echo $x; pwd', '2\n1\n/root\n'],
  ['groups', '{ echo a; echo b; } | grep b', 'b\n'],
  ['matches files', 'echo a > b.yaml; echo a > a.yaml; echo *.yaml x*', 'a.yaml b.yaml x*\n'],
  ['reads lines', 'printf "1 2 3\\n4\\n" | while read a b; do echo "$a|$b"; done', '1|2 3\n4|\n'],
  ['negates and reports', 'grep -q x <<< "axb" && echo yes; false; echo $?', 'yes\n1\n'],
  ['complains of unknown commands', 'kubctl get pods', 'bash: kubctl: command not found\n'],
  [
    'complains of missing files',
    'cat nope; cat < nope',
    'cat: nope: No such file or directory\nbash: nope: No such file or directory\n',
  ],
  ['stops at a failure under set -e', 'set -e; echo a; false; echo b', 'a\n'],
  ['evaluates text', 'x="echo hi | cat"; eval "$x"', 'hi\n'],
]

describe('[I1] shell', () => {
  it.each(scripts)('%s', (_, script, output) => {
    const lab = new ShellLab()
    lab.run(script)
    expect(lab.output).toBe(output)
  })

  it('lets virtual time pass while it sleeps', () => {
    const lab = new ShellLab()
    lab.run('for i in 1 2 3; do echo $i; sleep 5; done')
    expect(lab.log).toEqual([
      [0, '1\n'],
      [5000, '2\n'],
      [10_000, '3\n'],
    ])
    expect(lab.now).toBe(15_000)
  })

  it('passes on what a pipe carries while its writer still runs', () => {
    const lab = new ShellLab()
    lab.run('while true; do echo tick; echo tock; sleep 1; done | grep tick', 2_500)
    expect(lab.log).toEqual([
      [0, 'tick\n'],
      [1000, 'tick\n'],
      [2000, 'tick\n'],
    ])
  })

  it('runs a command in the background beside the next one', () => {
    const lab = new ShellLab()
    lab.run('(sleep 2; echo later) & echo now; wait; echo end')
    expect(lab.log).toEqual([
      [0, 'now\n'],
      [2000, 'later\n'],
      [2000, 'end\n'],
    ])
  })

  it('gives way in a loop that never waits', () => {
    const lab = new ShellLab()
    lab.start('while true; do :; done')
    expect(lab.step()).toMatchObject({ done: false, busy: true })
  })

  it('ends what runs when it is interrupted, and takes the next command', () => {
    const lab = new ShellLab()
    lab.run('sleep 1000 | cat > out; echo not reached', 10)
    lab.interrupt()
    lab.run('echo $?')
    expect(lab.output).toBe('130\n')
  })

  it('goes on from a copy of its state taken at any moment', () => {
    const script = 'f() { echo "$1 $(echo in $1)"; sleep 1; }; for i in a b; do f $i | cat; done; echo end > x; cat x'
    const straight = new ShellLab()
    straight.run(script)
    for (let at = 0; at <= 2500; at += 250) {
      const lab = new ShellLab()
      lab.run(script, at)
      lab.forget()
      lab.run('', 60_000)
      expect(lab.output).toBe(straight.output)
    }
    expect(straight.output).toBe('a in a\nb in b\nend\n')
  })

  it.each([
    ['echo "open', 'unexpected EOF while looking for matching `"\'', true],
    ['if true; then echo', 'syntax error: unexpected end of file', true],
    ['echo a | | b', "syntax error near unexpected token `|'", false],
    ['done', "syntax error near unexpected token `done'", false],
    ['cat <<EOF\nabc', "here-document delimited by end-of-file (wanted `EOF')", true],
  ])('says what is wrong with %j', (script, error, incomplete) => {
    expect(new ShellLab().start(script)).toMatchObject({ error, incomplete })
  })
})
