// Writes src/bridge/protobuf/messages.txt, the numbers and types of protobuf fields, from checkouts of k8s.io/api and
// k8s.io/apimachinery: node scripts/protobuf-messages.mjs API_FOLDER APIMACHINERY_FOLDER
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [api = '', apimachinery = ''] = process.argv.slice(2)
const groups = [
  ...['core/v1', 'apps/v1', 'batch/v1', 'autoscaling/v1', 'autoscaling/v2', 'networking/v1', 'policy/v1', 'rbac/v1'],
  ...['storage/v1', 'coordination/v1', 'discovery/v1', 'events/v1', 'certificates/v1', 'admissionregistration/v1'],
  ...['scheduling/v1', 'node/v1', 'authentication/v1', 'authorization/v1', 'flowcontrol/v1', 'resource/v1'],
]
const scalars = new Set(['string', 'bool', 'int32', 'int64', 'float64'])

/** What imports are called in these packages. */
const homes = { metav1: 'meta/v1', v1: 'core/v1', corev1: 'core/v1', apiv1: 'core/v1' }

/** Go source of every package, by the package's name here. */
const sources = new Map(groups.map(name => [name, sourceOf(join(api, name))]))
sources.set('meta/v1', sourceOf(join(apimachinery, 'pkg/apis/meta/v1')))

/** Names that stand for another type, by package: `type Protocol string`. */
const aliases = new Map([...sources].map(([name, source]) => [name, aliasesIn(source)]))

const lines = [...sources].flatMap(([name, source]) => [`# ${name}`, ...messagesIn(name, source)])
writeFileSync(new URL('../src/bridge/protobuf/messages.txt', import.meta.url), `${lines.join('\n')}\n`)

function sourceOf(folder) {
  const files = readdirSync(folder).filter(file => /types.*\.go$/.test(file) && !file.includes('swagger'))
  return files.map(file => readFileSync(join(folder, file), 'utf8')).join('\n')
}

function aliasesIn(source) {
  return new Map(
    [...source.matchAll(/^(?:type )?\s*(\w+) =? ?(string|int32|\[\]\w+|map\[\S+\]\S+|[\w]+\.\w+)$/gm)].map(
      ([, name, type]) => [name, type],
    ),
  )
}

function messagesIn(name, source) {
  return [...source.matchAll(/^type (\w+) struct \{$([\s\S]*?)^\}/gm)].flatMap(([, type, body]) => {
    const fields = [...body.matchAll(/^\s*(?:\w+\s+)?(\S+)\s+`json:"([^"]*)"[^`]*?protobuf:"([^"]*)"/gm)]
    if (fields.length === 0) return []
    return [`${type}|${fields.map(([, of, json, protobuf]) => field(name, of, json, protobuf)).join('|')}`]
  })
}

/** `3 ports []ContainerPort`: `?` is a pointer, `!` is written even when empty, `~` is part of the object around it. */
function field(from, type, json, protobuf) {
  const [, number] = protobuf.split(',')
  const [jsonName] = json.split(',')
  const isInline = jsonName === ''
  const name = isInline ? /name=(\w+)/.exec(protobuf)?.[1] : jsonName
  const isKept = !isInline && !json.includes('omitempty') && !json.includes('omitzero')
  const flags = `${type.startsWith('*') ? '?' : ''}${isKept ? '!' : ''}${isInline ? '~' : ''}`
  return `${number} ${name} ${written(from, type.replace(/^\*/, ''))}${flags}`
}

function written(from, type) {
  if (type === '[]byte') return 'bytes'
  if (type.startsWith('[]')) return `[]${written(from, type.slice(2).replace(/^\*/, ''))}`
  const map = /^map\[[\w.]+\](.+)$/.exec(type)
  if (map) return `{}${written(from, map[1])}`
  if (scalars.has(type)) return type
  if (type === 'int') return 'int64'
  const [, imported, local] = /^(?:(\w+)\.)?(\w+)$/.exec(type) ?? []
  const home = imported === undefined ? from : homes[imported]
  if (home === undefined) return imported === 'types' ? 'string' : type
  const alias = aliases.get(home)?.get(local)
  if (alias !== undefined) return written(home, alias)
  return home === from ? local : `${home}.${local}`
}
