// `npm test`: the whole bar. Old Nodes get as far as the next line, which speaks to them.
import './lib/require-node.mjs'

import('./lib/test.mjs').then(({ test }) => test())
