import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildIfStale } from './build.mjs'
import { check, playwrightCount, readReport, summary, vitestCount } from './count.mjs'
import { ensureInstalled } from './install.mjs'
import { node, root } from './run.mjs'

const minutes = 60_000
const vitestReport = '.cache/vitest.json'
const playwrightReport = '.cache/playwright.json'

/** Every stage runs whatever happened before it, so one run shows all that is wrong. */
const stages = [
  { name: 'generate', run: () => asCheck(node('scripts/generate.mjs')) },
  { name: 'types', run: () => asCheck(node('scripts/check-types.mjs', [], { timeoutMs: 5 * minutes })) },
  {
    name: 'lint',
    run: () =>
      asCheck(node('node_modules/eslint/bin/eslint.js', ['.', '--max-warnings=0'], { timeoutMs: 5 * minutes })),
  },
  {
    name: 'format',
    run: () =>
      asCheck(
        node('node_modules/prettier/bin/prettier.cjs', ['--check', '.', '--log-level=warn'], {
          timeoutMs: 5 * minutes,
        }),
      ),
  },
  { name: 'unit', run: runUnitTests },
  { name: 'build', run: () => asCheck(buildIfStale({ force: true, timeoutMs: 5 * minutes })) },
  { name: 'size', run: () => asCheck(node('scripts/size.mjs')) },
  { name: 'browser', run: runBrowserTests },
]

/** Runs all stages and prints `N passed, N failed` as the very last line. */
export async function test() {
  let last = '0 passed, 1 failed' // What stands there when we do not get to the end: no dependencies, our own mistake.
  process.on('exit', () => console.log(last))
  process.exitCode = 1
  await ensureInstalled()
  mkdirSync(join(root, '.cache'), { recursive: true })
  const results = []
  for (const { name, run } of stages) {
    const began = Date.now()
    console.log(`\n── ${name} ──`)
    results.push({ name, ...(await run()), seconds: (Date.now() - began) / 1000 })
  }
  const total = summary(results)
  console.log(`\n${total.lines.join('\n')}`)
  last = total.last
  process.exitCode = total.ok ? 0 : 1
}

async function asCheck(running) {
  return check(await running)
}

async function runUnitTests() {
  const report = fresh(vitestReport)
  const code = await node(
    'node_modules/vitest/vitest.mjs',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { timeoutMs: 14 * minutes },
  )
  return vitestCount(readReport(report), code)
}

async function runBrowserTests() {
  const report = fresh(playwrightReport)
  const code = await node('scripts/e2e.mjs', ['--reporter=list,json'], {
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    timeoutMs: 12 * minutes,
  })
  return playwrightCount(readReport(report), code)
}

/** The report of an earlier run must not be counted when this run dies before it writes its own. */
function fresh(report) {
  const file = join(root, report)
  rmSync(file, { force: true })
  return file
}
