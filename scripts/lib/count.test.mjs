import { describe, expect, it } from 'vitest'
import { check, playwrightCount, summary, vitestCount } from './count.mjs'

const vitest = (passed, failed, files = []) => ({ numPassedTests: passed, numFailedTests: failed, testResults: files })
const playwright = (stats, errors = []) => ({ stats: { expected: 0, unexpected: 0, flaky: 0, ...stats }, errors })

describe('repository: npm test', () => {
  it('counts a stage without a report as one check', () => {
    expect(check(0)).toEqual({ passed: 1, failed: 0 })
    expect(check(2)).toEqual({ passed: 0, failed: 1 })
  })

  it('counts tests, and a test file that does not load as one failure', () => {
    expect(vitestCount(vitest(7, 2), 1)).toEqual({ passed: 7, failed: 2 })
    const files = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [{}] },
    ]
    expect(vitestCount(vitest(7, 0, files), 1)).toEqual({ passed: 7, failed: 2 })
  })

  it('counts flaky browser tests and errors outside tests as failures', () => {
    expect(playwrightCount(playwright({ expected: 3 }), 0)).toEqual({ passed: 3, failed: 0 })
    expect(playwrightCount(playwright({ expected: 3, unexpected: 1, flaky: 1 }, [{}]), 1)).toEqual({
      passed: 3,
      failed: 3,
    })
  })

  it('never takes nothing for success: no report, no tests, or an exit code that no failed test explains', () => {
    for (const count of [vitestCount, playwrightCount]) expect(count(undefined, 0)).toEqual({ passed: 0, failed: 1 })
    expect(vitestCount(vitest(0, 0), 0)).toEqual({ passed: 0, failed: 1 })
    expect(vitestCount(vitest(5, 0), 1)).toEqual({ passed: 5, failed: 1 })
    expect(playwrightCount(playwright({}), 0)).toEqual({ passed: 0, failed: 1 })
  })

  it('ends with the plain sum', () => {
    const types = { name: 'types', passed: 1, failed: 0 }
    expect(summary([types, { name: 'unit', passed: 40, failed: 2 }])).toMatchObject({
      last: '41 passed, 2 failed',
      ok: false,
    })
    expect(summary([types])).toMatchObject({ last: '1 passed, 0 failed', ok: true })
    expect(summary([])).toMatchObject({ last: '0 passed, 0 failed', ok: false })
  })
})
