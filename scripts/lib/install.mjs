import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { node, root, run } from './run.mjs'

/** Installs the dependencies when `node_modules` is missing or is not what the lock file says. */
export async function ensureInstalled() {
  const reason = whyInstall(readLock('package-lock.json'), readLock('node_modules/.package-lock.json'))
  if (!reason) return
  console.log(`Installing dependencies (${reason}) …`)
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund']
  const npm = process.env.npm_execpath // Set when npm started us: the same npm, wherever it lives.
  const code = npm?.endsWith('.js')
    ? await node(npm, args)
    : await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args)
  if (code === 0) return
  console.error('npm ci failed; see its message above. It needs the network the first time.')
  process.exit(1)
}

/**
 * Compares the lock file with the one npm leaves in `node_modules`, so a tree that `npm install` brought up to date
 * is not installed a second time. Returns why an installation is needed, or undefined.
 */
export function whyInstall(wanted, installed) {
  if (!installed) return 'node_modules is missing'
  for (const [path, entry] of Object.entries(wanted?.packages ?? {})) {
    // npm leaves out the optional packages of other platforms, and records no version for links.
    if (path === '' || entry.optional || entry.link) continue
    const have = installed.packages?.[path]
    if (have?.version !== entry.version) return `${path} is ${have?.version ?? 'missing'}, not ${entry.version}`
  }
  return undefined
}

function readLock(path) {
  const file = join(root, path)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}
