// Makes src/api/generated/ (types and schema of the kinds, DESIGN.md D6) when what it is made from has changed.
import './lib/require-node.mjs'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, tsx } from './lib/run.mjs'
import { digest, isFresh, writeStamp } from './lib/stamp.mjs'

const generator = 'src/api/schema/generate.ts'
const stamp = 'src/api/generated/.stamp' // Inside the folder, so deleting the folder makes it stale.

if (!existsSync(join(root, generator))) {
  console.error(`${generator} is missing: nothing can generate src/api/generated`)
  process.exit(1)
}
const client = JSON.parse(readFileSync(join(root, 'node_modules/@kubernetes/client-node/package.json'), 'utf8'))
const inputs = digest(['src/api/schema', 'src/testing/golden/api/schema'], {
  skip: path => path.endsWith('.test.ts') || path.endsWith('.md'),
  also: [`@kubernetes/client-node ${client.version}`],
})
if (!isFresh(stamp, inputs) || process.argv.includes('--force')) {
  const code = await tsx(generator)
  if (code !== 0) process.exit(code)
  writeStamp(stamp, inputs)
}
