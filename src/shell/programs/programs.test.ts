import { describe, expect, it } from 'vitest'
import { ShellLab } from '../../testing/shell-lab.ts'

/** Commands and what they print. */
const table: readonly (readonly [command: string, output: string])[] = [
  ['printf "a\\nb\\nc\\n" | head -n 2', 'a\nb\n'],
  ['yes | head -3', 'y\ny\ny\n'],
  ['seq 5 | tail -2', '4\n5\n'],
  ['seq 1 2 7', '1\n3\n5\n7\n'],
  ['seq -w 8 10', '08\n09\n10\n'],
  ['printf "b 2\\na 10\\nc 1\\n" | sort -k2 -n', 'c 1\nb 2\na 10\n'],
  ['printf "b\\na\\nb\\n" | sort | uniq -c', '      1 a\n      2 b\n'],
  ['echo a:b:c | cut -d: -f2-', 'b:c\n'],
  ['echo Hello | tr a-z A-Z', 'HELLO\n'],
  ['echo hello | tr -d l', 'heo\n'],
  ['seq 3 | wc -l', '3\n'],
  ['printf "a 1\\nb 2\\nc 3\\n" | awk \'NR > 1 {print $2, $1}\'', '2 b\n3 c\n'],
  ["echo a:b | awk -F: '{print $NF}'", 'b\n'],
  ['seq 4 | awk \'$1 > 1 {s += $1; n++} END {printf "%d of %s\\n", s, n}\'', '9 of 3\n'],
  ['printf "x\\ny\\nx\\n" | awk \'{c[$1]++} END {for (k in c) print k, c[k]}\'', 'x 2\ny 1\n'],
  ['echo a b | awk \'{$1 = "z"; print; if ($2 ~ /^b/) print length($0)}\'', 'z b\n3\n'],
  ['echo "a1 b22" | grep -o "[0-9]*"', '1\n22\n'],
  ['echo one two | wc', '      1       2       8\n'],
  ['echo hello | sed "s/l/L/g; s/\\(h\\)/[\\1]/"', '[h]eLLo\n'],
  ['seq 5 | sed -n "2,3p"', '2\n3\n'],
  ['seq 4 | sed "/2/d" | tac', '4\n3\n1\n'],
  ['echo "image: nginx:1.14" > d; sed -i "s#1.14#1.16#" d; cat d', 'image: nginx:1.16\n'],
  ['echo a | sed y', "sed: -e expression #1, char 1: unknown command: `y'\n"],
  ['seq 3 | xargs echo n', 'n 1 2 3\n'],
  ['seq 2 | xargs -I{} echo pod-{}', 'pod-1\npod-2\n'],
  ['seq 3 | xargs -n 2 echo', '1 2\n3\n'],
  ['mkdir -p a/b && touch a/b/c a/d && ls a && find a -type f', 'b\nd\na/b/c\na/d\n'],
  ['mkdir a; mkdir a', "mkdir: cannot create directory 'a': File exists\n"],
  ['mkdir a; touch a/x; rm a; rm -r a; ls', "rm: cannot remove 'a': Is a directory\n"],
  ['rm nope; rm -f nope; echo $?', "rm: cannot remove 'nope': No such file or directory\n0\n"],
  ['echo 1 > x; cp x y; mv y z; cat z; ls', '1\nx\nz\n'],
  ['ls nope', "ls: cannot access 'nope': No such file or directory\n"],
  ['basename /a/b.yaml .yaml; dirname /a/b', 'b\n/a\n'],
  [
    'date; date +%F; date -d @86400 +%Y-%m-%dT%H:%M:%SZ',
    'Thu Jan  1 00:00:00 UTC 1970\n1970-01-01\n1970-01-02T00:00:00Z\n',
  ],
  ['hostname; whoami; hostname -i; id -u', 'lab\nroot\n192.168.1.5\n0\n'],
  ['env A=1 sh -c "echo $0 \\$A"', 'bash 1\n'],
  ['X=1 env | grep X', 'X=1\n'],
  ["sh -c 'echo $0 $# $1' name one; echo $?", 'name 1 one\n0\n'],
  ["sh -c 'exit 7'; echo $?", '7\n'],
  ["bash -c 'echo \"a'; echo $?", 'bash: unexpected EOF while looking for matching `"\'\n2\n'],
  ['echo "echo from $((1+1))" | sh', 'from 2\n'],
  ['timeout 1 sleep 5; echo $?', '124\n'],
  ['echo a | tee x y; cat x y', 'a\na\na\n'],
  ['echo "a b" | egrep -c "a|c"', '1\n'],
  ['echo -n abc | sha256sum', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\n'],
  ['echo -n 비밀 | base64; echo 67mE67CA | base64 -d', '67mE67CA\n비밀'],
  ["trap 'echo bye' EXIT; (trap 'echo inner' EXIT; echo in); echo out", 'in\ninner\nout\n'],
  ['(sleep 100) & kill $!; wait $!; echo $?', '143\n'],
  ['set -o pipefail; false | true; echo $?', '1\n'],
  ['while getopts "a:b" o; do echo $o $OPTARG; done; echo $OPTIND', '1\n'],
  ['set -- -b -a x y; while getopts "a:b" o; do echo $o$OPTARG; done; echo $OPTIND', 'b\nax\n4\n'],
  ['alias k=echo; k hi', 'hi\n'],
  ['exec 2>&1; nope', 'bash: nope: command not found\n'],
  ['for ((i=1; i<=4; i++)); do ((i == 2)) && continue; echo w$i; done; (( x = 3 )); echo $x', 'w1\nw3\nw4\n3\n'],
  ['[[ a == a* && ! -z b || c ]] && echo yes', 'yes\n'],
  ['x="a b"; [[ $x == "a b" && $x != b* ]] && echo yes', 'yes\n'],
]

describe('[I1] programs', () => {
  it.each(table)('%s', (command, output) => {
    const lab = new ShellLab()
    lab.run(command)
    expect(lab.output).toBe(output)
  })

  it('watches a command every two seconds', () => {
    const lab = new ShellLab()
    lab.run('watch date +%S', 5_000)
    expect(lab.log.map(([at, text]) => [at, text.trim().split('\n').at(-1)])).toEqual([
      [0, '00'],
      [2_000, '02'],
      [4_000, '04'],
    ])
  })

  it('follows a file that grows', () => {
    const lab = new ShellLab()
    lab.run('(sleep 1.5; echo two >> f) & echo one > f; tail -f f', 5_000)
    expect(lab.log).toEqual([
      [0, 'one\n'],
      [2_000, 'two\n'],
    ])
  })
})

const ok = { ok: true, remote: '10.96.0.7', tookMs: 3.2 }
const page = { ...ok, http: { status: 200, headers: { Server: 'nginx', 'Content-Length': '3' }, body: 'hi\n' } }
const failed = (failure: string, tookMs = 0): object => ({ ok: false, failure, remote: '10.96.0.7', tookMs })
const dns = (code: string, records: readonly object[]): object => ({ ...ok, dns: { code, records } })

/** Commands, what the network answers, what is printed and the status. */
const network: readonly (readonly [command: string, answer: object, output: string, status: number])[] = [
  ['curl web', page, 'hi\n', 0],
  ['curl -I web', page, 'HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 3\r\n\r\n', 0],
  ['curl -s -o /dev/null -w "%{http_code}\\n" web', page, '200\n', 0],
  [
    'curl web',
    failed('connection refused', 1),
    "curl: (7) Failed to connect to web port 80 after 1 ms: Couldn't connect to server\n",
    7,
  ],
  ['curl nope', failed('name not resolved'), 'curl: (6) Could not resolve host: nope\n', 6],
  ['curl -m 2 web', failed('connect timed out', 2002), 'curl: (28) Connection timed out after 2002 milliseconds\n', 28],
  [
    'curl web:8080',
    failed('connect timed out', 131_072),
    "curl: (28) Failed to connect to web port 8080 after 131072 ms: Couldn't connect to server\n",
    28,
  ],
  ['curl -s web', failed('connection refused'), '', 7],
  ['wget -qO- web', page, 'hi\n', 0],
  [
    'wget -q -O - http://web:8080/x',
    failed('connection refused'),
    "wget: can't connect to remote host (10.96.0.7): Connection refused\n",
    1,
  ],
  ['wget -O- nope', failed('name not resolved'), "wget: bad address 'nope'\n", 1],
  ['wget -T 1 -qO- web', failed('connect timed out'), 'wget: download timed out\n', 1],
  ['nc -zv web 80', ok, 'web (10.96.0.7:80) open\n', 0],
  [
    'nslookup web 10.96.0.10',
    dns('NOERROR', [{ name: 'web', type: 'A', data: '10.96.0.7' }]),
    'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tweb\nAddress: 10.96.0.7\n\n',
    0,
  ],
  [
    'nslookup no.pe 10.96.0.10',
    dns('NXDOMAIN', []),
    "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n** server can't find no.pe: NXDOMAIN\n\n",
    1,
  ],
  [
    'ping -c 1 web',
    failed('connection refused', 0.5),
    'PING web (10.96.0.7): 56 data bytes\n64 bytes from 10.96.0.7: seq=0 ttl=63 time=0.500 ms\n\n--- web ping statistics ---\n1 packets transmitted, 1 packets received, 0% packet loss\nround-trip min/avg/max = 0.500/0.500/0.500 ms\n',
    0,
  ],
]

describe('[D6] programs that ask the network', () => {
  it.each(network)('%s', (command, answer, output, status) => {
    const lab = new ShellLab()
    lab.answers = () => answer
    lab.run(`${command}; echo "=$?"`)
    expect(lab.output).toBe(`${output}=${status}\n`)
  })
})
