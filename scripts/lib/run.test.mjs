import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from './run.mjs'

describe('repository: a stage of npm test', () => {
  it('ends with the exit code of its command', async () => {
    expect(await run(process.execPath, ['-e', 'process.exit(3)'])).toBe(3)
    expect(await run(process.execPath, ['-e', ''])).toBe(0)
  })

  it('fails when its program does not exist', async () => {
    expect(await run('no-such-program-anywhere', [])).toBe(127)
  })

  it('is stopped at its limit, with what it has started', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'podscape-'))
    const beats = join(folder, 'beats')
    const heart = `setInterval(() => require('fs').appendFileSync(${JSON.stringify(beats)}, '.'), 10)`
    const parent = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(heart)}]); setInterval(() => {}, 1000)`
    expect(await run(process.execPath, ['-e', parent], { timeoutMs: 1_500 })).toBe(128)

    await new Promise(resolve => setTimeout(resolve, 100)) // The signal reaches the grandchild a moment later.
    const counted = statSync(beats).size
    expect(counted).toBeGreaterThan(0)
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(statSync(beats).size).toBe(counted)
    rmSync(folder, { recursive: true })
  })
})
