import type { ProgramCall, ShellProgram } from '../../shell/host.ts'
import { ago, columns } from './columns.ts'
import { inspectContainer, inspectSandbox } from './crictl-inspect.ts'
import { containerStats } from './crictl-stats.ts'
import type { MachineView, RunningContainer, RunningSandbox } from './machine-view.ts'

interface Given {
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
  readonly operands: readonly string[]
}

/** What a subcommand prints and how it ends. */
type Subcommand = (view: MachineView, given: Given, call: ProgramCall) => number

/** crictl: what the container runtime has (cri-tools/cmd/crictl). */
export function crictl(view: MachineView): ShellProgram {
  return {
    run(call) {
      const [, ...words] = call.argv
      const at = words.findIndex(word => !word.startsWith('-'))
      const name = words[at]
      if (name === 'stats') return containerStats(view, call)
      const found = name !== undefined && Object.hasOwn(subcommands, name) ? subcommands[name] : undefined
      if (!found) {
        call.out(name === undefined ? usage : `No help topic for '${name}'\n`)
        return { exit: name === undefined ? 0 : 3 }
      }
      return { exit: found(view, givenIn(words.slice(at + 1)), call) }
    },
  }
}

const usage = `NAME:
   crictl - client for CRI

USAGE:
   crictl [global options] command [command options]

COMMANDS:
   images, image, img   List images
   inspect              Display the status of one or more containers
   inspectp             Display the status of one or more pods
   logs                 Fetch the logs of a container
   pods                 List pods
   ps                   List containers
   stats                List container(s) resource usage statistics
   stop                 Stop one or more running containers
   version              Display runtime version information
`

const valued = new Set([
  'name',
  'state',
  'namespace',
  'tail',
  'label',
  'pod',
  'o',
  'output',
  'image',
  'p',
  'timeout',
  't',
])

function givenIn(words: readonly string[]): Given {
  const flags = new Set<string>()
  const values = new Map<string, string>()
  const operands: string[] = []
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith('-')) {
      operands.push(word)
      continue
    }
    const [name = '', value] = word.replace(/^--?/, '').split('=')
    if (value !== undefined) values.set(name, value)
    else if (valued.has(name)) values.set(name, rest.shift() ?? '')
    else flags.add(name)
  }
  return { flags, values, operands }
}

const subcommands: Readonly<Record<string, Subcommand>> = {
  ps: listContainers,
  pods: listSandboxes,
  images: listImages,
  image: listImages,
  img: listImages,
  logs: showLog,
  inspect: (view, given, call) =>
    inspectEach(given, call, 'container', id => {
      const found = containerOf(view, id)
      return found && inspectContainer(found)
    }),
  inspectp: (view, given, call) =>
    inspectEach(given, call, 'pod', id => {
      const found = view.sandboxes().find(sandbox => sandbox.id.startsWith(id))
      return found && inspectSandbox(found)
    }),
  stop(view, { operands }, call) {
    let status = 0
    for (const id of operands) {
      const found = containerOf(view, id)
      if (found) {
        view.stopContainer(found.id)
        call.out(`${id}\n`)
      } else status = notFound(call, 'container', id)
    }
    return status
  },
  version(_view, _given, call) {
    call.out('Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  v2.1.4\nRuntimeApiVersion:  v1\n')
    return 0
  },
}

function listContainers(view: MachineView, { flags, values }: Given, call: ProgramCall): number {
  const wanted = values.get('state')?.toLowerCase()
  const all = flags.has('a') || flags.has('all')
  const found = view
    .containers()
    .filter(({ state }) => (wanted === undefined ? all || state === 'running' : state === wanted))
    .filter(({ name }) => new RegExp(values.get('name') ?? '').test(name))
    .filter(({ namespace }) => (values.get('namespace') ?? namespace) === namespace)
    .filter(({ sandboxId }) => sandboxId.startsWith(values.get('pod') ?? values.get('p') ?? ''))
    .sort((a, b) => b.createdAt - a.createdAt)
  if (flags.has('q') || flags.has('quiet')) {
    call.out(found.map(({ id }) => `${id}\n`).join(''))
    return 0
  }
  const heads = ['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE']
  const rows = found.map(each => [
    ...[short(each.id), short(each.imageId.replace(/^.*sha256:/, '')), ago(call.host.now - each.createdAt)],
    ...[`${each.state.charAt(0).toUpperCase()}${each.state.slice(1)}`, each.name, String(each.attempt)],
    ...[short(each.sandboxId), each.pod, each.namespace],
  ])
  call.out(columns([heads, ...rows], 4))
  return 0
}

function listSandboxes(view: MachineView, { flags, values }: Given, call: ProgramCall): number {
  const found = view
    .sandboxes()
    .filter(({ name }) => new RegExp(values.get('name') ?? '').test(name))
    .filter(({ namespace }) => (values.get('namespace') ?? namespace) === namespace)
    .sort((a, b) => b.createdAt - a.createdAt)
  if (flags.has('q') || flags.has('quiet')) {
    call.out(found.map(({ id }) => `${id}\n`).join(''))
    return 0
  }
  const heads = ['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME']
  const rows = found.map(({ id, createdAt, ready, name, namespace, attempt }: RunningSandbox) => [
    ...[short(id), ago(call.host.now - createdAt), ready ? 'Ready' : 'NotReady', name, namespace],
    ...[String(attempt), '(default)'],
  ])
  call.out(columns([heads, ...rows], 4))
  return 0
}

function listImages(view: MachineView, { flags }: Given, call: ProgramCall): number {
  const rows = view.images().map(({ name, imageId, sizeBytes }) => {
    const colon = name.lastIndexOf(':')
    const [repository, tag] =
      colon > name.lastIndexOf('/') ? [name.slice(0, colon), name.slice(colon + 1)] : [name, 'latest']
    return [repository, tag, short(imageId.replace(/^.*sha256:/, '')), megabytes(sizeBytes)]
  })
  rows.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
  if (flags.has('q') || flags.has('quiet')) call.out(rows.map(([, , id = '']) => `sha256:${id}\n`).join(''))
  else call.out(columns([['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'], ...rows], 4))
  return 0
}

/** Four digits and a unit of thousands, as docker's units package writes sizes. */
function megabytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  let [size, unit] = [bytes, 0]
  while (size >= 1000 && unit < units.length - 1) [size, unit] = [size / 1000, unit + 1]
  return `${Number(size.toPrecision(3))}${units[unit] ?? ''}`
}

function showLog(view: MachineView, { values, operands, flags }: Given, call: ProgramCall): number {
  const [id] = operands
  if (id === undefined) {
    call.err('ID cannot be empty\n')
    return 1
  }
  const found = containerOf(view, id)
  if (!found) return notFound(call, 'container', id)
  const tail = values.get('tail')
  call.out(view.log(found.id, tail === undefined ? undefined : Number(tail)) ?? '')
  if (flags.has('f')) call.err('crictl: -f is not simulated: this is what there is by now\n')
  return 0
}

function inspectEach({ operands }: Given, call: ProgramCall, what: string, inspect: (id: string) => unknown): number {
  let status = 0
  for (const id of operands) {
    const found = inspect(id)
    if (found === undefined) status = notFound(call, what, id)
    else call.out(`${JSON.stringify(found, undefined, 2)}\n`)
  }
  return status
}

function containerOf(view: MachineView, id: string): RunningContainer | undefined {
  return view.containers().find(container => container.id.startsWith(id))
}

function notFound(call: ProgramCall, what: string, id: string): number {
  const why = `rpc error: code = NotFound desc = could not find ${what} "${id}": ${what} with ID starting with ${id} not found: ID does not exist`
  call.err(`E ${what} status: ${why}\n`)
  return 1
}

function short(id: string): string {
  return id.slice(0, 13)
}
