// Runs the browser tests against the built page: `npm run e2e -- <playwright arguments>`.
import './lib/require-node.mjs'
import { findBrowser } from './lib/browser.mjs'
import { buildIfStale } from './lib/build.mjs'
import { freePort } from './lib/free-port.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { node } from './lib/run.mjs'

await ensureInstalled()
const built = await buildIfStale()
if (built !== 0) {
  console.error('The browser tests need the built page, and it does not build.')
  process.exit(built)
}
try {
  const env = { PODSCAPE_CHROMIUM: await findBrowser(), PODSCAPE_PORT: String(await freePort()) }
  process.exit(await node('node_modules/@playwright/test/cli.js', ['test', ...process.argv.slice(2)], { env }))
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
