import { type Components } from './components.ts'
import type { Method, Operation, PathItem } from './operations.ts'
import { text } from './operations.ts'
import type { Parameter } from './parameters.ts'
import type { Form, OpenApiSchema } from './schemas.ts'

/** What answers can be written in. */
const written = ['application/json', 'application/yaml']
const streamed = 'application/json;stream=watch'

/** The object `paths` of a document. */
export function writePaths(items: readonly PathItem[], tag: string, components: Components, form: Form): OpenApiSchema {
  const sorted = [...items].sort((a, b) => (a.path < b.path ? -1 : 1))
  return Object.fromEntries(sorted.map(item => [item.path, pathItem(item, tag, components, form)]))
}

function pathItem(item: PathItem, tag: string, components: Components, form: Form): OpenApiSchema {
  const operations: Partial<Record<Method, OpenApiSchema>> = {}
  for (const operation of item.operations) {
    operations[operation.method] =
      form === 'v3' ? operationV3(operation, tag, components) : operationV2(operation, tag, components)
  }
  const parameters = item.parameters.map(parameter => writeParameter(parameter, form))
  return { ...operations, ...(parameters.length > 0 && { parameters }) }
}

function shared({ id, action, description, gvk }: Operation, tag: string): OpenApiSchema {
  return {
    description,
    operationId: id,
    tags: [tag],
    ...(action !== undefined && { 'x-kubernetes-action': action }),
    ...(gvk && { 'x-kubernetes-group-version-kind': gvk }),
  }
}

const words: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' }

function operationV3(operation: Operation, tag: string, components: Components): OpenApiSchema {
  const { parameters, body, answer, codes } = operation
  const schema = answer === text ? { type: 'string' } : components.reference(answer)
  const types = answer === text ? ['*/*'] : typesOf(operation)
  const content = Object.fromEntries(types.map(type => [type, { schema }]))
  const responses = codes.map(code => [code, { description: words[code], content }])
  const sent = body && components.reference(body.of)
  return {
    ...shared(operation, tag),
    ...(parameters.length > 0 && { parameters: parameters.map(parameter => writeParameter(parameter, 'v3')) }),
    ...(body && {
      requestBody: {
        content: Object.fromEntries((body.types ?? ['*/*']).map(type => [type, { schema: sent }])),
        ...(!body.optional && { required: true }),
      },
    }),
    responses: { ...Object.fromEntries(responses), 401: { description: 'Unauthorized' } },
  }
}

function operationV2(operation: Operation, tag: string, components: Components): OpenApiSchema {
  const { parameters, body, answer, codes } = operation
  const schema = answer === text ? { type: 'string' } : components.reference(answer)
  const responses = codes.map(code => [code, { description: words[code], schema }])
  const sent = body && {
    name: 'body',
    in: 'body',
    schema: components.reference(body.of),
    ...(!body.optional && { required: true }),
  }
  const all = [...(sent ? [sent] : []), ...parameters.map(parameter => writeParameter(parameter, 'v2'))]
  return {
    ...shared(operation, tag),
    consumes: body?.types ?? ['*/*'],
    produces: answer === text ? ['*/*'] : typesOf(operation),
    schemes: ['https'],
    ...(all.length > 0 && { parameters: all }),
    responses: { ...Object.fromEntries(responses), 401: { description: 'Unauthorized' } },
  }
}

/** Lists can be streamed, too. */
function typesOf({ action = '' }: Operation): readonly string[] {
  return ['list', 'watch', 'watchlist'].includes(action) ? [...written, streamed] : written
}

function writeParameter({ name, in: place, type, description }: Parameter, form: Form): OpenApiSchema {
  const isRequired = place === 'path' && { required: true }
  const value = { type, uniqueItems: true }
  return form === 'v3'
    ? { name, in: place, description, ...isRequired, schema: value }
    : { name, in: place, description, ...isRequired, ...value }
}
