import { describe, expect, it } from 'vitest'
import { apiLab, goldenApiServer, goldenLab } from '../../testing/api-lab.ts'
import { API_FOLDERS, apiCases, casesFor } from '../../testing/golden-api.ts'
import { replayCase } from '../../testing/golden-api-replay.ts'
import { Workstation } from '../../testing/kubectl-lab.ts'

const served = new Set(
  [...apiLab().api.server.resources.all()].flatMap(({ kind: { apiVersion, plural }, subresources }) => {
    const name = `${apiVersion}/${plural}`
    return [name, ...[...subresources].map(subresource => `${name}/${subresource}`)]
  }),
)

describe.each(API_FOLDERS)('[A3] recorded API cases of golden/api/%s', folder => {
  const cases = casesFor(apiCases(folder), resource => served.has(resource))

  it.each(cases.map(golden => [golden.id, golden] as const))('%s', (_id, golden) => {
    const lab = goldenLab()
    let workstation: Workstation | undefined
    const { mismatches } = replayCase(golden, goldenApiServer(lab), {
      // Of some commands no exchanges were recorded: our own kubectl carries them out.
      unrecorded({ args, files, stdin, env }) {
        workstation ??= new Workstation(lab)
        const options = { files, env, ...(stdin !== undefined && { stdin }) }
        const { code, stdout, stderr } = workstation.run(['kubectl', ...args].map(quoted).join(' '), options)
        return { exitCode: code ?? -1, stdout, stderr }
      },
    })
    expect(mismatches).toEqual([])
  })
})

/** A word of a command line, whatever is in it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'"'"'`)}'`
}
