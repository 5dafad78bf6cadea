import type { Selector } from '../../../machinery/labels.ts'
import type { ApiObject } from '../../../machinery/object.ts'

/** A request for resources that another API server has. */
export interface AggregatedQuery {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly namespace: string | undefined
  /** One object; without it all that match. */
  readonly name: string | undefined
  readonly labels: Selector
}

/** A Pod behind the Service of an APIService. */
export interface AggregatedEndpoint {
  readonly uid: string
  readonly address: string
  readonly port: number
}

/** How an API server reaches the servers that it hands requests to. */
export interface AggregatedDoor {
  /** The objects, or why nobody answers: `dial tcp 172.16.1.2:10250: connect: connection refused`. Throws ApiError. */
  ask(
    server: string,
    endpoint: AggregatedEndpoint,
    query: AggregatedQuery,
  ): { readonly items: readonly ApiObject[] } | { readonly failure: string }
}
