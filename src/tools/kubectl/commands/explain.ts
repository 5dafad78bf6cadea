import { schema } from '../../../api/schema.ts'
import type { Docs } from '../../../machinery/docs.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import type { TypeSchema } from '../../../machinery/schema.ts'
import { attempt } from '../../../machinery/status.ts'
import type { Resource } from '../api/discovery.ts'
import { publishedType } from '../api/openapi-types.ts'
import { type Context, defineCommand } from '../command.ts'
import { PlainError, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { explainText } from './explain-text.ts'

const flags = {
  'api-version': flag.text('Use given api-version (group/version) of the resource.'),
  output: flag.text('Format in which to render the schema. Valid values are: (plaintext, plaintext-openapiv2).', {
    short: 'o',
    default: 'plaintext',
  }),
  recursive: flag.bool('When true, print the name of all the fields recursively.'),
}

const silent: Docs = { ofType: () => '', ofField: () => '' }

/** kubectl/pkg/cmd/explain/explain.go. */
export const explain = defineCommand({
  use: 'explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]',
  short: 'Get documentation for a resource',
  flags,
  run(context) {
    const { args, flags: given, out } = context
    const [word, more] = args
    if (word === undefined) {
      const advice = 'Use "kubectl api-resources" for a complete list of supported resources.'
      throw new UsageError(`You must specify the type of resource to explain. ${advice}\n`)
    }
    if (more !== undefined) throw new UsageError('We accept only this format: explain RESOURCE\n')
    if (!given.output.startsWith('plaintext')) throw new UsageError(`unrecognized format: ${given.output}`)
    const [first = '', ...path] = word.split('.')
    const { group, version, kind } = resourceOf(context, first)
    const head = `${group === '' ? '' : `GROUP:      ${group}\n`}KIND:       ${kind}\nVERSION:    ${version}\n\n`
    const { type, docs } = typeOf(context, { group, version, kind })
    if (!type) throw new UsageError(`GVK ${group}/${version}, Kind=${kind} not found in OpenAPI schema`)
    const options = { type, path, recursive: given.recursive, docs }
    const text = explainText(options)
    out(head)
    if (text === undefined) throw new UsageError(`field "${path.at(-1) ?? ''}" does not exist`)
    out(`${text}\n`)
  },
})

/** The type of a kind: of those that are built in we know, of others the server is asked. */
function typeOf(
  { client, host: { docs = silent } }: Context<typeof flags>,
  gvk: { readonly group: string; readonly version: string; readonly kind: string },
): { readonly type: TypeSchema | undefined; readonly docs: Docs } {
  const type = schema.schemaOf(gvk)
  if (type) return { type, docs }
  const { group, version } = gvk
  let document: JsonObject = {}
  const failure = attempt(() => {
    document = client.get(group === '' ? `/openapi/v3/api/${version}` : `/openapi/v3/apis/${group}/${version}`)
  })
  return failure ? { type, docs } : (publishedType(document, gvk, docs) ?? { type, docs })
}

function resourceOf({ flags: given, mapper }: Context<typeof flags>, name: string): Resource {
  const found = mapper().lookUp(name)
  if (!found) throw new PlainError(`the server doesn't have a resource type "${name}"`)
  const wanted = given['api-version']
  if (wanted === '') return found
  const [group, version] = wanted.includes('/') ? wanted.split('/') : ['', wanted]
  const other = mapper().all.find(
    each => each.plural === found.plural && each.group === group && each.version === version,
  )
  if (other) return other
  throw new UsageError(`couldn't find resource for "${wanted}, Resource=${found.plural}"`)
}
