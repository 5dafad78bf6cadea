import { describe, expect, it } from 'vitest'
import { apiLab } from '../../../testing/api-lab.ts'
import { type FileWrite, tell, writeLog } from './log.ts'
import { auditSettings } from './settings.ts'

const policy = 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{ level: None }]'

describe('[G5] the file of the audit log', () => {
  it('is moved away when it is full, and only so many older ones are kept', () => {
    const argv = ['--audit-policy-file=/p', '--audit-log-path=/log/audit.log', '--audit-log-maxsize=1']
    const place = { component: 'runtime/m-k8s', container: 'c1', read: () => policy }
    const lab = apiLab({ audit: auditSettings({ argv, ...place }).value })
    const { audit } = lab.self.state
    if (!audit) throw new Error('there is a policy')
    const written: FileWrite[] = []
    const self = { ...lab.self, now: lab.self.now, state: lab.self.state, schedule: () => 0, send: catchWrite(written) }
    for (let line = 0; line < 6; line++) {
      tell(self, audit, 'x'.repeat(500_000))
      writeLog(self)
    }
    expect(written.map(({ moveTo, remove }) => [moveTo !== undefined, remove?.length ?? 0])).toEqual([
      [false, 0],
      [false, 0],
      [true, 0],
      [false, 0],
      [true, 1],
      [false, 0],
    ])
    expect(written[2]?.moveTo).toBe('/log/audit-2026-01-15T09-00-00.000.log')
  })
})

function catchWrite(written: FileWrite[]) {
  return (_to: string, _after: number, _type: string, write: unknown): number => {
    if (isWrite(write)) written.push(write)
    return 0
  }
}

function isWrite(value: unknown): value is FileWrite {
  return typeof value === 'object' && value !== null && 'container' in value
}
