import { ApiError } from '../../../machinery/status.ts'

/** The form in which an answer is written: endpoints/handlers/negotiation. */
export interface Representation {
  readonly format: 'json' | 'yaml'
  /** Tables and bare metadata instead of the objects. */
  readonly as?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'
  /** Version of meta.k8s.io. */
  readonly version: string
}

const plain = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'
const streams = 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch'

/** Chooses the first form in an Accept header that we can write. */
export function negotiate(accept: string | undefined, canStream: boolean): Representation {
  let hasBadConversion = false
  for (const clause of (accept ?? '*/*').split(',')) {
    const [type = '', ...parameters] = clause.split(';').map(part => part.trim())
    const format = formatOf(type.toLowerCase())
    if (!format) continue
    const values = new Map(parameters.map(parameter => splitOnce(parameter)))
    const as = values.get('as')
    const version = values.get('v') ?? 'v1'
    if (!as) return { format, version }
    if (isConversion(as) && values.get('g') === 'meta.k8s.io' && (version === 'v1' || version === 'v1beta1')) {
      return { format, as, version }
    }
    hasBadConversion = true
  }
  if (hasBadConversion) {
    const text = `only the following media types are accepted: ${plain}`
    throw new ApiError('NotAcceptable', text)
  }
  const available = canStream ? `${plain}, ${streams}` : plain
  throw new ApiError('NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${available}`, {})
}

function formatOf(type: string): 'json' | 'yaml' | undefined {
  if (type === '*/*' || type === 'application/*' || type === 'application/json' || type === '') return 'json'
  return type === 'application/yaml' ? 'yaml' : undefined
}

function isConversion(as: string): as is 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' {
  return as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList'
}

function splitOnce(parameter: string): [string, string] {
  const equals = parameter.indexOf('=')
  return equals < 0 ? [parameter, ''] : [parameter.slice(0, equals), parameter.slice(equals + 1)]
}

/** Whether an Accept header asks for the aggregated form of discovery before any other. */
export function wantsAggregated(accept: string | undefined): boolean {
  const [first = ''] = (accept ?? '').split(',')
  return (
    first.includes('as=APIGroupDiscoveryList') && first.includes('g=apidiscovery.k8s.io') && /v=v2(;|$)/.test(first)
  )
}
