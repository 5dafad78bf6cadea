import type { Image } from '../node/runtime/image.ts'
import type { Program } from '../node/runtime/program.ts'

/** Ends by itself: `ends CODE SECONDS`. */
const ends: Program = {
  init: () => undefined,
  start(process) {
    process.log('started')
    process.setTimer(Number(process.argv[2] ?? 1) * 1000)
  },
  timer(process) {
    process.log(`leaving with ${process.argv[1]}`)
    process.exit(Number(process.argv[1]))
  },
}

/** Does not listen to TERM, as `sleep` does not when it is process 1. */
const stubborn: Program = { init: () => undefined, signal: () => undefined }

/** Takes 100 MiB more every second. */
const grows: Program<{ mebibytes: number }> = {
  init: () => ({ mebibytes: 10 }),
  start: process => void process.setTimer(1000),
  timer(process) {
    process.state.mebibytes += 100
    process.setTimer(1000)
  },
  usage: ({ state }) => ({ cpuMillis: 100, memoryBytes: state.mebibytes * 2 ** 20 }),
}

/** Prints its environment and what is in a file, then runs on: `shows PATH`. */
const shows: Program = {
  init: () => undefined,
  start(process) {
    for (const [name, value] of Object.entries(process.env)) process.log(`${name}=${value}`)
    if (process.argv[1] !== undefined) process.log(process.files.read(process.argv[1]) ?? 'no such file')
  },
}

/** Says that a file is there, for exec probes: `test PATH`. */
const tests: Program = {
  init: () => undefined,
  start(process) {
    const path = process.argv[1] ?? ''
    const isThere = process.files.read(path) !== undefined
    if (!isThere) process.log(`cat: can't open '${path}': No such file or directory`, 'stderr')
    process.exit(isThere ? 0 : 1)
  },
}

/** Serves /healthz on 8080 from the tenth to the thirtieth second after its start. */
const sometimesHealthy: Program<{ healthy: boolean }> = {
  init: () => ({ healthy: false }),
  start(process) {
    process.listen(8080)
    process.setTimer(10_000, true)
    process.setTimer(30_000, false)
  },
  timer(process, healthy) {
    process.state.healthy = healthy === true
  },
  serve(process, request) {
    process.respond(request, { status: process.state.healthy ? 200 : 503, headers: {}, body: '' })
  },
}

/** An image `lab/tools` with programs that do one thing each. */
export const tools: Image = {
  repository: 'docker.io/lab/tools',
  hasTag: () => true,
  sizeBytes: 2_000_000,
  entrypoint: ['stubborn'],
  programs: { ends, stubborn, grows, shows, test: tests, 'sometimes-healthy': sometimesHealthy },
}
