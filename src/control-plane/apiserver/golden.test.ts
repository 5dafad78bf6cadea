import { describe, expect, it } from 'vitest'
import { kinds } from '../../api/index.ts'
import { API_FOLDERS, apiCases, casesFor, kindsOf } from '../../testing/golden-api.ts'
import { replayCase } from '../../testing/golden-api-replay.ts'
import { goldenServer } from './golden-server.ts'
import { knownFailures } from './golden-known-failures.ts'

const served = new Set(
  kinds.flatMap(kind => {
    const name = `${kind.apiVersion}/${kind.plural}`
    return [name, ...(kind.subresources ?? []).map(subresource => `${name}/${subresource}`)]
  }),
)

describe.each(API_FOLDERS)('[A3] recorded API cases: %s', folder => {
  const cases = casesFor(apiCases(folder), resource => served.has(resource))

  it.each(cases.map(golden => [golden.id, golden] as const))('%s', (id, golden) => {
    const { mismatches } = replayCase(golden, goldenServer(), { dropManagedFields: true })
    const known = knownFailures.find(failure => failure.id === id)
    if (known) expect(mismatches, `${id} passes now: take it off the list (${known.why})`).not.toEqual([])
    else expect(mismatches).toEqual([])
  })
})
