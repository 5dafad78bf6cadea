import type { StageEvidence } from '../../../machinery/evidence.ts'
import type { AccessAnswer, AccessQuestion } from '../../../machinery/cel/library/authorizer.ts'
import type { Kind } from '../../../machinery/kind.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import type { RequestOptions, UserInfo } from '../../../machinery/rest.ts'
import type { EtcdState } from '../../etcd/store.ts'
import type { KindRef } from '../objects.ts'

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'

/** What admission may know of a request: admission.Attributes. */
export interface Attributes {
  readonly operation: Operation
  readonly kind: Kind
  readonly subresource: string
  readonly namespace: string | undefined
  readonly name: string
  readonly old: ApiObject | undefined
  readonly user: UserInfo
  readonly options: RequestOptions
  readonly isDryRun: boolean
  /** Virtual time in ms since 1970. */
  readonly now: number
  random(): number
  find<T extends ApiObject>(kind: KindRef<T>, name: string, namespace?: string): T | undefined
  list<T extends ApiObject>(kind: KindRef<T>, namespace?: string): T[]
  /** Writes an object besides the one that is asked about, such as a quota. */
  save<T extends ApiObject>(kind: KindRef<T>, object: T): void
  /** What a memo may be kept by. It holds for the revisions of the kinds that it was made of. */
  readonly etcd: EtcdState
  /** The newest revision of a kind's objects. */
  revisionOf(kind: KindRef): number
  /** The objects of a kind by its names, in a namespace if it has them; undefined when it is not served. */
  read(apiVersion: string, kind: string, namespace?: string): ApiObject[] | undefined
  /** Asks the server's authorizer on behalf of who sends the request, or of the service account that is named. */
  ask(question: AccessQuestion): AccessAnswer
  /** An object with an applied configuration merged in, or why that cannot be. */
  merge(object: ApiObject, configuration: Readonly<Record<string, unknown>>): Record<string, unknown> | string
  /** Notes something for the audit log, if there is one. */
  annotate(key: string, note: () => string): void
  /** Adds a Warning header to the answer. */
  warn(text: string): void
}

/** One admission plugin. It is asked about the resources and operations that it names. Refusals are ApiErrors. */
export interface AdmissionPlugin {
  readonly name: string
  /** `pods`, `deployments.apps`; all when left out. */
  readonly resources?: readonly string[]
  readonly operations: readonly Operation[]
  /** '' is the object itself. That only, when left out. */
  readonly subresources?: readonly string[] | 'all'
  /** May change the draft. */
  mutate?(draft: ApiObject, attributes: Attributes): void
  /** Looks at what will be stored; for a deletion at what is there. */
  validate?(object: ApiObject | undefined, attributes: Attributes): void
}

/** A plugin's turn, with what the trace says of it either way. */
export interface Turn {
  readonly plugin: AdmissionPlugin
  readonly denied: StageEvidence
  readonly passed: StageEvidence
}

export interface Admitters {
  readonly mutating: readonly Turn[]
  readonly validating: readonly Turn[]
}

/** The plugins in their order; who is asked about what is worked out once. */
export class AdmissionChain {
  private readonly admitters = new Map<string, Admitters>()

  constructor(readonly plugins: readonly AdmissionPlugin[]) {
    const names = new Set(plugins.map(({ name }) => name))
    if (names.size < plugins.length) throw new Error('an admission plugin was registered twice')
  }

  for(operation: Operation, resource: string, subresource: string): Admitters {
    const question = `${operation} ${resource}/${subresource}`
    let found = this.admitters.get(question)
    if (!found) {
      const asked = this.plugins.filter(plugin => isAsked(plugin, operation, resource, subresource))
      found = {
        mutating: asked.filter(({ mutate }) => mutate).map(plugin => turnOf(plugin, 'mutating admission', 'passed')),
        validating: asked
          .filter(({ validate }) => validate)
          .map(plugin => turnOf(plugin, 'validating admission', 'allowed')),
      }
      this.admitters.set(question, found)
    }
    return found
  }
}

function turnOf(plugin: AdmissionPlugin, stage: StageEvidence['stage'], verdict: string): Turn {
  const by = plugin.name
  return {
    plugin,
    denied: Object.freeze({ stage, verdict: 'denied', by }),
    passed: Object.freeze({ stage, verdict, by }),
  }
}

function isAsked(plugin: AdmissionPlugin, operation: Operation, resource: string, subresource: string): boolean {
  const { operations, resources, subresources = [''] } = plugin
  if (!operations.includes(operation)) return false
  if (subresources !== 'all' && !subresources.includes(subresource)) return false
  return !resources || resources.includes(resource)
}
