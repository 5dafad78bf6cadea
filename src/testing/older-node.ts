import workerThreads from 'node:worker_threads'
import zlib from 'node:zlib'

// The client's undici takes for granted what Node has from 22.15 on. Nobody here answers in zstd or clones requests, so
// that for older Nodes the names are enough. Import this before `@kubernetes/client-node`.
if (!('createZstdDecompress' in zlib)) {
  Object.assign(zlib, {
    createZstdDecompress() {
      throw new Error('this Node knows no zstd')
    },
  })
}
if (!('markAsUncloneable' in workerThreads)) Object.assign(workerThreads, { markAsUncloneable: () => undefined })
if (!('withResolvers' in Promise)) {
  Object.assign(Promise, {
    withResolvers() {
      let settle = {}
      const promise = new Promise((resolve, reject) => void (settle = { resolve, reject }))
      return { promise, ...settle }
    },
  })
}
