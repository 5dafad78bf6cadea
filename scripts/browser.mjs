// Finds (or installs) the browser of the tests and prints its path.
import './lib/require-node.mjs'
import { findBrowser } from './lib/browser.mjs'

try {
  console.log(await findBrowser())
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
