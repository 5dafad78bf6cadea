import { existsSync, readFileSync } from 'node:fs'

/** A stage that has only an exit code is one check. */
export function check(code) {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** Counts vitest's JSON report. A file that does not even load has no tests of its own and is one failure. */
export function vitestCount(report, code) {
  if (!report) return unreported
  const unloaded = report.testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0)
  return reconciled({ passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length }, code)
}

/** Counts Playwright's JSON report. A flaky test passed on a second try and is a failure here; errors outside tests are too. */
export function playwrightCount(report, code) {
  if (!report) return unreported
  const { expected, unexpected, flaky } = report.stats
  return reconciled({ passed: expected, failed: unexpected + flaky + report.errors.length }, code)
}

/** Adds the stages up. The last line is the only one that machines read. */
export function summary(results) {
  const passed = sum(results.map(result => result.passed))
  const failed = sum(results.map(result => result.failed))
  const lines = results.map(
    ({ name, passed, failed, seconds = 0 }) =>
      `${failed ? '✗' : '✓'} ${name.padEnd(9)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(1).padStart(7)} s`,
  )
  return { lines, last: `${passed} passed, ${failed} failed`, ok: failed === 0 && passed > 0 }
}

export function readReport(file) {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined // Cut off while it was written: as good as none.
  }
}

const unreported = { passed: 0, failed: 1 }

/** No tests at all, or an exit code that the counts do not explain (an error outside any test), is a failure. */
function reconciled({ passed, failed }, code) {
  const unexplained = failed === 0 && (code !== 0 || passed === 0)
  return { passed, failed: unexplained ? 1 : failed }
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}
