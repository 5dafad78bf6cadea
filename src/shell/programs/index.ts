import type { ShellProgram } from '../host.ts'
import { cat } from './cat.ts'
import { curl } from './curl.ts'
import { grep } from './grep.ts'
import { sh } from './sh.ts'
import { sleep } from './sleep.ts'

/** Programs that every machine and most images have. One line a program. */
export const programs: Readonly<Record<string, ShellProgram>> = { cat, curl, grep, sh, bash: sh, sleep }
