import { ConfigMap } from '../../api/core/configmap.ts'
import { Secret } from '../../api/core/secret.ts'
import type { Kind } from '../../machinery/kind.ts'
import type { ApiObject } from '../../machinery/object.ts'
import { type Contribution, drawingOf, idOf } from '../contribution.ts'

/** Every namespace has this one; it would only be in the way. */
const everywhere = 'kube-root-ca.crt'

export const configMapDrawing = drawingOf(ConfigMap, (map, order) =>
  map.metadata.name === everywhere
    ? { items: [], relations: [] }
    : config(ConfigMap, map, order, [...Object.keys(map.data ?? {}), ...Object.keys(map.binaryData ?? {})]),
)

export const secretDrawing = drawingOf(Secret, (secret, order) =>
  config(Secret, secret, order, Object.keys(secret.data ?? {}), secret.type),
)

/** Something that Pods read: its keys, never its values. */
function config(
  kind: Kind,
  { metadata }: ApiObject,
  order: number,
  keys: readonly string[],
  type?: string,
): Contribution {
  const namespace = metadata.namespace ?? ''
  const item = {
    id: idOf.config(kind.resource, namespace, metadata.name),
    type: 'config',
    kind: kind.kind,
    resource: kind.resource,
    name: metadata.name,
    namespace,
    tone: 'good',
    status: '',
    facts: { keys: keys.join(', '), ...(type !== undefined && { type }) },
    order,
  } as const
  return { items: [item], relations: [] }
}
