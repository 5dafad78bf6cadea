// Checks the types of every program: the engine without DOM and Node, the page with DOM, the rest with Node.
// `typescript` is the version typescript-eslint understands; `typescript7` is the faster checker.
import './lib/require-node.mjs'
import { node } from './lib/run.mjs'

let failed = 0
for (const project of ['tsconfig.json', 'tsconfig.page.json', 'tsconfig.node.json']) {
  const code = await node('node_modules/typescript7/bin/tsc', ['-p', project, '--noEmit'])
  if (code !== 0) failed++
  console.log(`${project}: ${code === 0 ? 'ok' : 'failed'}`)
}
process.exit(failed === 0 ? 0 : 1)
