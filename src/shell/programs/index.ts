import type { ShellProgram } from '../host.ts'
import { awk } from './awk.ts'
import { cat } from './cat.ts'
import { curl } from './curl.ts'
import { dd } from './dd.ts'
import { base64, sha256sum } from './digests.ts'
import { readsDevices } from './endless.ts'
import * as facts from './facts.ts'
import { chmod, chown, cp, ln, mkdir, mktemp, mv, rm, rmdir, touch } from './file-changes.ts'
import { find } from './find.ts'
import { grep } from './grep.ts'
import { head, tail } from './head-tail.ts'
import { cut, rev, seq, sort, tac, tee, tr, uniq, wc } from './line-filters.ts'
import { ls } from './ls.ts'
import { nslookup } from './nslookup.ts'
import { nc, ping, telnet } from './reaching.ts'
import { env, nohup, printenv, timeout, watch, xargs, yes } from './running.ts'
import { sed } from './sed.ts'
import { sh } from './sh.ts'
import { sleep } from './sleep.ts'
import { tar } from './tar.ts'
import { wget } from './wget.ts'

/** Programs that every machine and most images have. */
export const programs: Readonly<Record<string, ShellProgram>> = {
  ...{ awk, cut, egrep: grep, head, rev, sed, tac, tee, tr, uniq, seq },
  ...{ cat: readsDevices(cat), wc: readsDevices(wc), sha256sum: readsDevices(sha256sum) },
  ...{ grep: readsDevices(grep, true), sort: readsDevices(sort, true), tail: readsDevices(tail, true) },
  ...{ chmod, chown, cp, find, ln, ls, mkdir, mktemp, mv, rm, rmdir, touch },
  ...{ env, nohup, printenv, sh, bash: sh, sleep, timeout, watch, xargs, yes },
  ...{ curl, nc, nslookup, ping, telnet, wget },
  ...{ base64, dd, tar },
  ...facts,
}
