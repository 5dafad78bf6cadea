// Says what is missing instead of failing with a syntax error. Written in the JavaScript of 2015, because an old Node reads it.
import { createRequire } from 'module'

const needed = createRequire(import.meta.url)('../../package.json').engines.node.replace('>=', '')

if (isOlder(process.versions.node, needed)) {
  console.error('Podscape needs Node ' + needed + ' or newer, and this is ' + process.versions.node + '.')
  console.error('Get it from https://nodejs.org (or: nvm install 20), then run the same command again.')
  process.exit(1)
}

/** Compares `20.19` with `18.2.0` number by number. */
export function isOlder(version, wanted) {
  const have = version.split('.').map(Number)
  const want = wanted.split('.').map(Number)
  for (let i = 0; i < want.length; i++) {
    if ((have[i] || 0) !== want[i]) return (have[i] || 0) < want[i]
  }
  return false
}
