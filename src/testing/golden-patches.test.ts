import { describe, expect, it } from 'vitest'
import { schema } from '../api/schema.ts'
import { applyMergePatch } from '../machinery/json-merge-patch.ts'
import { applyJsonPatch, decodeJsonPatch } from '../machinery/json-patch.ts'
import { isList, isNone, isObject, type JsonObject } from '../machinery/json-value.ts'
import type { TypeSchema } from '../machinery/schema.ts'
import { ApiError } from '../machinery/status.ts'
import { createThreeWayMergePatch } from '../machinery/strategic-merge-diff.ts'
import { applyStrategicMergePatch } from '../machinery/strategic-merge-patch.ts'
import type { GoldenCase, GoldenExchange, GoldenStep } from './golden-api.ts'
import { goldenJson, goldenNames, orElse, parseJson, textAt } from './golden-json.ts'

/**
 * The recorded patches applied without a server: the patched object must be contained in the server's answer, which adds
 * defaults. And what `kubectl apply` sent must be what we would send.
 */
interface Recorded {
  readonly id: string
  readonly type: string
  readonly before: JsonObject
  readonly patch: unknown
  readonly status: number
  readonly after: unknown
  readonly isApply: boolean
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

function recordedPatches(): Recorded[] {
  return ['patch', 'invalid'].flatMap(folder =>
    goldenNames('api', folder).flatMap(name => patchesOf(goldenJson<GoldenCase>('api', folder, name))),
  )
}

/** Follows the objects of a case by their paths, so that each patch is met by the object it was sent to. */
function patchesOf({ id, setup = [], steps }: GoldenCase): Recorded[] {
  const objects = new Map<string, JsonObject>()
  const patches: Recorded[] = []
  for (const step of [...setup, ...steps]) {
    for (const exchange of exchangesOf(step)) {
      const { request, response } = exchange
      const path = request.path.split('?')[0] ?? ''
      const before = objects.get(path)
      if (request.method === 'PATCH' && before) {
        const patch = request.body ?? orElse(undefined, () => parseJson(request.bodyText ?? ''))
        const type = request.headers?.['Content-Type'] ?? ''
        const isApply = step.kubectl?.[0] === 'apply'
        if (patch !== undefined && !type.includes('apply') && !isSubresource(path)) {
          patches.push({ id, type, before, patch, status: response.status, after: response.body, isApply })
        }
      }
      const isDryRun = request.path.includes('dryRun')
      if (response.status < 300 && isObject(response.body) && response.body['kind'] !== 'Status' && !isDryRun) {
        const name = textAt(response.body, 'metadata', 'name')
        objects.set(request.method === 'POST' ? `${path}/${name}` : path, response.body)
      }
    }
  }
  return patches
}

/** Subresources let only a part of a patch through. */
function isSubresource(path: string): boolean {
  return /\/(status|scale|resize|ephemeralcontainers|finalize)$/.test(path)
}

function exchangesOf(step: GoldenStep): readonly GoldenExchange[] {
  const { request, response } = step
  return request && response ? [{ request, response }] : (step.http ?? [])
}

function schemaOf(object: JsonObject): TypeSchema | undefined {
  const [version = '', group = ''] = String(object['apiVersion']).split('/').reverse()
  return schema.schemaOf({ group, version, kind: String(object['kind']) })
}

function apply({ type, before, patch }: Recorded): { value?: unknown; error?: string } {
  if (type.includes('json-patch')) {
    const { value, error } = decodeJsonPatch(patch)
    return error === undefined ? applyJsonPatch(before, value) : { error }
  }
  if (!isObject(patch)) return { error: 'no object' }
  if (!type.includes('strategic')) return { value: applyMergePatch(before, patch) }
  try {
    return { value: applyStrategicMergePatch(before, patch, schemaOf(before)) }
  } catch (error) {
    if (error instanceof ApiError) return { error: error.message }
    throw error
  }
}

/** What ours has and theirs has not, apart from what a server writes itself. */
function missing(ours: unknown, theirs: unknown, path = ''): string[] {
  if (isNone(ours) || /^(\.status|\.metadata\.(resourceVersion|generation|managedFields))$/.test(path)) return []
  if (isList(ours) && isList(theirs) && ours.length === theirs.length) {
    return ours.flatMap((item, i) => missing(item, theirs[i], `${path}[${i}]`))
  }
  if (isObject(ours)) {
    return Object.keys(ours).flatMap(key =>
      missing(ours[key], isObject(theirs) ? theirs[key] : undefined, `${path}.${key}`),
    )
  }
  return ours === theirs || (isList(ours) && ours.length === 0) ? [] : [`${path}: ${JSON.stringify(ours)}`]
}

/** What the server does after the patch: fields that the new type of a Service cannot have, members no type knows. */
const doneByServer = [
  /"type":"(ClusterIP|ExternalName)"/,
  /"path":"data\/a"/,
  /"unknown":1/,
  /"paused":true/, // Its replicas were changed through the scale subresource meanwhile.
]

describe('[B13] recorded patches', () => {
  const patches = recordedPatches()
  const accepted = patches.filter(({ status, patch }) => {
    return status < 300 && !doneByServer.some(reason => reason.test(JSON.stringify(patch)))
  })

  it('are enough of every sort', () => {
    const counts = ['strategic-merge', '/merge', 'json-patch'].map(
      type => patches.filter(p => p.type.includes(type)).length,
    )
    expect(counts).toEqual([111, 60, 30])
  })

  it('make of the object what the server answered', () => {
    for (const recorded of accepted) {
      const { value, error } = apply(recorded)
      expect({ id: recorded.id, error, missing: missing(value, recorded.after) }).toEqual({
        id: recorded.id,
        error: undefined,
        missing: [],
      })
    }
  })

  it('are refused where the server could not apply them, in its words', () => {
    const refused = patches.filter(({ status, type }) => status === 500 && type.includes('strategic'))
    expect(refused.length).toBeGreaterThan(3)
    for (const recorded of refused) expect(apply(recorded).error).toBe(textAt(recorded.after as never, 'message'))
  })

  it('are what kubectl apply sends', () => {
    const applied = patches.filter(({ isApply, type }) => isApply && type.includes('strategic'))
    expect(applied.length).toBeGreaterThan(25)
    for (const { before, patch, id } of applied) {
      const annotation = annotationOf(patch) ?? annotationOf(before) ?? '{}'
      const manifest = JSON.parse(annotation)
      const annotations = { ...manifest.metadata.annotations, [lastApplied]: annotation }
      const modified = { ...manifest, metadata: { ...manifest.metadata, annotations } }
      const last = JSON.parse(annotationOf(before) ?? '{}')
      expect({ id, patch: createThreeWayMergePatch(last, modified, before, schemaOf(before)) }).toEqual({ id, patch })
    }
  })
})

function annotationOf(object: unknown): string | undefined {
  return textAt(object as never, 'metadata', 'annotations', lastApplied) || undefined
}
