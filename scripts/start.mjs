// `npm start`: the one command a fresh machine needs. Old Nodes get as far as the next line, which speaks to them.
import './lib/require-node.mjs'

import('./lib/start.mjs').then(({ start }) => start())
