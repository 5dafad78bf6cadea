import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goldenApiServer } from '../testing/api-lab.ts'
import { API_FOLDERS, apiCases } from '../testing/golden-api.ts'
import { type Replay, replayCase } from '../testing/golden-api-replay.ts'
import { GoldenHttp } from '../testing/golden-http.ts'
import { makeWorld } from '../testing/golden-world.ts'

const http = new GoldenHttp()
// The other thread has to load everything first.
beforeAll(() => void http.fresh(), 60_000)
afterAll(() => http.end())

/** Where an answer differs. What is not there yet is answered with ids and times of its own, so the rest is not compared. */
function pathsOf({ mismatches }: Replay): string[] {
  return mismatches.flatMap(({ path }) => (ofTheConnection.some(each => path.endsWith(each)) ? [] : [path]))
}

/**
 * What differs because the connection is another. The recorded server listened on 18443, and its Service said so; the
 * bridge's is the lab's, on 6443. Its clients were known by a token, which has a uid; ours by a certificate, which has none
 * but a credential id.
 */
const ofTheConnection = [
  'body.spec.ports[0].targetPort',
  '/certificatesigningrequests?fieldManager=kubectl-create&fieldValidation=Strict: body.spec.uid',
  '/certificatesigningrequests?fieldManager=kubectl-create&fieldValidation=Strict: body.spec.extra',
  '/certificatesigningrequests/jane: body.spec.uid',
  '/certificatesigningrequests/jane: body.spec.extra',
]

// That all cases pass in process is proved beside the API server (control-plane/apiserver/golden.test.ts).
describe.each(API_FOLDERS)('[A3] [I3] recorded API cases of golden/api/%s over HTTPS', folder => {
  it.each(apiCases(folder).map(golden => [golden.id, golden] as const))(
    '%s is answered as in process',
    (_id, golden) => {
      const inProcess = replayCase(golden, goldenApiServer(), { dropManagedFields: true })
      const overHttp = replayCase(golden, makeWorld(http.fresh()), { dropManagedFields: true })
      expect(pathsOf(overHttp)).toEqual(pathsOf(inProcess))
      expect(overHttp.compared).toBe(inProcess.compared)
    },
  )
})
