import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startBridge } from './bridge.ts'
import { OptionError, parseOptions, type ServeOptions, usage } from './options.ts'

/** `npm run serve`: a cluster behind the Kubernetes API, until it is told to stop. */
async function serve(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(usage)
    return
  }
  const options = parseOptions(argv)
  process.stdout.write(`installing ${describe(options)} …\n`)
  const page = options.pagePort === undefined ? undefined : { folder: builtPage(), port: options.pagePort }
  const bridge = await startBridge({ ...options, ...(page && { page }) })
  const kubeconfig = options.kubeconfig ?? join(mkdtempSync(join(tmpdir(), 'podscape-')), 'kubeconfig')
  writeFileSync(kubeconfig, bridge.kubeconfig, { mode: 0o600 })
  process.stdout.write(`serving on ${bridge.url}; stop with Ctrl-C\n\n  export KUBECONFIG=${quoted(kubeconfig)}\n\n`)
  if (bridge.pageUrl !== undefined) process.stdout.write(`  the page: ${bridge.pageUrl}\n\n`)
  const log = options.log
  const keep = (): void => {
    if (log !== undefined) writeFileSync(log, `${JSON.stringify(bridge.live.record())}\n`)
  }
  const saving = setInterval(keep, saveEveryMs)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      clearInterval(saving)
      keep()
      void bridge.close().then(() => process.exit(0))
    })
  }
}

/** The folder of the built page, which is built now if its sources have changed. */
function builtPage(): string {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new OptionError('the page cannot be built, so it cannot be served')
  return join(root, 'dist')
}

/** How often the record is written, in ms: so much may be missing after a power cut. */
const saveEveryMs = 5_000

function describe({ topology: { preset, masters, workers, components } }: ServeOptions): string {
  if (components) return components.join(', ')
  return `${masters} control-plane and ${workers} worker machines (${preset})`
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}

serve(process.argv.slice(2)).catch((error: unknown) => {
  const isMistake = error instanceof OptionError || error instanceof RangeError
  process.stderr.write(`${isMistake ? error.message : error instanceof Error ? String(error.stack) : String(error)}\n`)
  process.exit(1)
})
