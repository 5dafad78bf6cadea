// A client that sends requests over HTTPS as fast as they are answered: `node load.mjs < options`. It runs in a process of its own,
// so that the server's processor time is the server's. Prints `{"seconds": …, "failed": …}`.
import { Agent, request } from 'node:https'
import { text } from 'node:stream/consumers'

/** `$` in path and body stands for the number of the request. */
const { port, ca, cert, key, method, path, body, headers, count, connections, width } = JSON.parse(
  await text(process.stdin),
)
const agent = new Agent({ keepAlive: true, maxSockets: connections, ca, cert, key })
let next = 0
let failed = 0

const began = performance.now()
await Promise.all(Array.from({ length: connections }, work))
process.stdout.write(JSON.stringify({ seconds: (performance.now() - began) / 1000, failed }))
agent.destroy()

async function work() {
  while (next < count) {
    const number = String(next++ % width)
    if ((await send(path.replaceAll('$', number), body?.replaceAll('$', number))) >= 300) failed++
  }
}

function send(to, text) {
  return new Promise((resolve, reject) => {
    const length = text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }
    const options = { host: '127.0.0.1', port, method, path: to, agent, headers: { ...headers, ...length } }
    const sent = request(options, answer => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode))
      answer.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(text)
  })
}
