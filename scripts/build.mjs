// Builds the page into dist/ and notes what it was built from, so that `npm start` knows when it is stale. `--if-stale`: only then.
import './lib/require-node.mjs'
import { buildIfStale } from './lib/build.mjs'

process.exit(await buildIfStale({ force: !process.argv.includes('--if-stale') }))
