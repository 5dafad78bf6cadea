// `npm run bench` prints the figures; `npm run bench -- --json FILE` writes them down too; other words select cases by name.
import './lib/require-node.mjs'
import { tsx } from './lib/run.mjs'

process.exit(await tsx('scripts/bench/main.ts', process.argv.slice(2)))
