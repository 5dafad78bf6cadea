import { describe, expect, it } from 'vitest'
import { seedLab } from '../../api/lab.ts'
import type { Input, SessionRecord } from '../../protocol/messages.ts'
import { copyOf } from './copies.ts'

const start = Date.UTC(2026, 0, 15, 9)

function record(...inputs: readonly Input[]): SessionRecord {
  const logged = inputs.map((input, index) => ({ at: start + index * 1_000, input }))
  return { format: 1, engine: '', seed: 1, topology: seedLab, inputs: logged, at: start + 65_000 }
}

const link = 'http://x/?a=1&b="2"#s=1.abc'
const pod = 'kind: Pod\nmetadata: {name: a}'
const did = record(
  { type: 'apply', yaml: `---\n${pod}\n` },
  { type: 'apply', yaml: 'kind: Service', dryRun: true },
  { type: 'shell', terminal: '1', line: 'kubectl get pods' },
  { type: 'apply', yaml: 'kind: Service\n---\n' },
  { type: 'apply', yaml: pod },
  { type: 'fault', fault: { what: 'stop-machine', target: 'w2-k8s' } },
  { type: 'delete', resource: 'pods', namespace: 'shop', name: 'a' },
)

describe('a session that is copied', () => {
  it('[J4] as an iframe or as Markdown carries its link, whatever is in it', () => {
    expect(copyOf('link', { record: did, link })).toBe(link)
    expect(copyOf('markdown', { record: did, link })).toBe(`[Podscape, 09:01:05](${link})`)
    const frame = copyOf('iframe', { record: did, link })
    const element = new DOMParser().parseFromString(frame, 'text/html').querySelector('iframe')
    expect(element?.getAttribute('src')).toBe(link)
    expect(element?.title).toBe('Podscape')
  })

  it('[J4] as a bundle holds each manifest that was applied once, where it was last', () => {
    expect(copyOf('bundle', { record: did, link })).toBe(`kind: Service\n---\n${pod}\n`)
    expect(copyOf('bundle', { record: record(), link })).toBe('')
  })

  it('[J4] as a script does again what was done, and says what no shell can do', () => {
    const script = copyOf('script', { record: did, link })
    expect(script).toContain(`# 09:00:00\nkubectl apply -f - <<'EOF'\n${pod}\nEOF\n`)
    expect(script).toContain('\n# 09:00:02\nkubectl get pods\n')
    expect(script).toContain('\n# stop-machine w2-k8s\n')
    expect(script).toContain('\nkubectl delete pods a -n shop\n')
    expect(script).not.toContain('09:00:01')
    expect(copyOf('script', { record: record(), link })).toBe('')
  })

  it('[J4] as a script ends a manifest where it ends, whatever stands in it', () => {
    const script = copyOf('script', {
      record: record({ type: 'apply', yaml: 'data: |\n  cat <<EOF\nEOF\nx: 1' }),
      link,
    })
    expect(script).toContain("<<'EOF_'\n")
    expect(script.trimEnd().endsWith('x: 1\nEOF_')).toBe(true)
  })
})
