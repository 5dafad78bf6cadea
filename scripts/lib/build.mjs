import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { node, root } from './run.mjs'
import { digest, isFresh, writeStamp } from './stamp.mjs'

const stamp = '.cache/build.stamp'
const inputs = ['src', 'public', 'index.html', 'package-lock.json', 'vite.config.ts', 'tsconfig.base.json']

/** Builds dist/ unless it was made from these very sources. Returns the exit code of the step that failed, or 0. */
export async function buildIfStale({ force = false, timeoutMs = 0 } = {}) {
  const generated = await node('scripts/generate.mjs')
  if (generated !== 0) return generated
  const now = digest(inputs, { skip: isNoSource })
  if (!force && existsSync(join(root, 'dist/index.html')) && isFresh(stamp, now)) return 0
  console.log('Building the page …')
  const code = await node('node_modules/vite/bin/vite.js', ['build', '--logLevel', 'warn'], { timeoutMs })
  if (code === 0) writeStamp(stamp, now)
  return code
}

/** Tests, recordings and prose do not go into the page. */
function isNoSource(path) {
  return path.startsWith('src/testing/') || path.includes('.test.') || path.endsWith('.md')
}
