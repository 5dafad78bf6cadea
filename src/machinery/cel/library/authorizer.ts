import { boolType, stringType, struct } from '../cel-type.ts'
import { define, type FunctionDeclaration, member } from '../functions.ts'
import { Opaque } from '../values.ts'

/** Asking who may do what: apiserver/pkg/cel/library/authz.go. Field and label selectors do not narrow a question. */

/** A question to the authorizer of the server that evaluates. */
export interface AccessQuestion {
  readonly verb: string
  readonly path?: string
  readonly group?: string
  readonly resource?: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  /** Asked for a service account instead of who sends the request. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string }
}

export interface AccessAnswer {
  readonly allowed: boolean
  readonly reason: string
}

type Ask = (question: AccessQuestion) => AccessAnswer

interface Check {
  readonly ask: Ask
  readonly question: Omit<AccessQuestion, 'verb'>
}

export const authorizerType = struct('kubernetes.authorization.Authorizer')
const pathType = struct('kubernetes.authorization.PathCheck')
const groupType = struct('kubernetes.authorization.GroupCheck')
const resourceType = struct('kubernetes.authorization.ResourceCheck')
const decisionType = struct('kubernetes.authorization.Decision')

/** The value of the variable `authorizer`. */
export function authorizerValue(ask: Ask): Opaque<Check> {
  return new Opaque(authorizerType, { ask, question: {} }, 'authorizer')
}

/** The value of `authorizer.requestResource`: the object of the request. */
export function resourceCheckValue(ask: Ask, question: Check['question']): Opaque<Check> {
  return new Opaque(resourceType, { ask, question }, JSON.stringify(question))
}

/** What a question turns into when it says more. */
function narrowed(type: typeof groupType, more: (text: string) => Check['question']) {
  return ({ value: { ask, question } }: Opaque<Check>, text: string): Opaque<Check> => {
    const narrower = { ...question, ...more(text) }
    return new Opaque(type, { ask, question: narrower }, JSON.stringify(narrower))
  }
}

function decide({ value: { ask, question } }: Opaque<Check>, verb: string): Opaque<AccessAnswer> {
  const answer = ask({ ...question, verb })
  return new Opaque(decisionType, answer, JSON.stringify(answer))
}

function onBehalfOf({ value: { ask, question } }: Opaque<Check>, namespace: string, name: string): Opaque<Check> {
  const other = { ...question, serviceAccount: { namespace, name } }
  return new Opaque(authorizerType, { ask, question: other }, JSON.stringify(other))
}

const same = narrowed(resourceType, () => ({}))

export const authorizerFunctions: readonly FunctionDeclaration[] = [
  define(
    'path',
    member(
      [authorizerType, stringType],
      pathType,
      narrowed(pathType, path => ({ path })),
    ),
  ),
  define(
    'group',
    member(
      [authorizerType, stringType],
      groupType,
      narrowed(groupType, group => ({ group })),
    ),
  ),
  define('serviceAccount', member([authorizerType, stringType, stringType], authorizerType, onBehalfOf)),
  define(
    'resource',
    member(
      [groupType, stringType],
      resourceType,
      narrowed(resourceType, resource => ({ resource })),
    ),
  ),
  define(
    'subresource',
    member(
      [resourceType, stringType],
      resourceType,
      narrowed(resourceType, subresource => ({ subresource })),
    ),
  ),
  define(
    'namespace',
    member(
      [resourceType, stringType],
      resourceType,
      narrowed(resourceType, namespace => ({ namespace })),
    ),
  ),
  define(
    'name',
    member(
      [resourceType, stringType],
      resourceType,
      narrowed(resourceType, name => ({ name })),
    ),
  ),
  define('fieldSelector', member([resourceType, stringType], resourceType, same)),
  define('labelSelector', member([resourceType, stringType], resourceType, same)),
  define(
    'check',
    member([pathType, stringType], decisionType, decide),
    member([resourceType, stringType], decisionType, decide),
  ),
  define(
    'errored',
    member([decisionType], boolType, () => false),
  ),
  define(
    'error',
    member([decisionType], stringType, () => ''),
  ),
  define(
    'allowed',
    member([decisionType], boolType, ({ value }: Opaque<AccessAnswer>) => value.allowed),
  ),
  define(
    'reason',
    member([decisionType], stringType, ({ value }: Opaque<AccessAnswer>) => value.reason),
  ),
]
