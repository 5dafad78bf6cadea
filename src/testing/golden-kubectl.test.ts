import { describe, expect, it } from 'vitest'

import { compareOutput, kubectlSessions, runSession, runWorld, withoutProse } from './golden-kubectl.ts'
import type { KubectlRecording, RecordedOutput, SessionStep } from './golden-kubectl.ts'

const sessions = kubectlSessions()

/** A kubectl that prints what was recorded. */
function parrot(recording: KubectlRecording, change: (text: string) => string = text => text) {
  let next = recording.state ? 0 : -recording.setup.filter(step => typeof step === 'string').length
  const heard: string[] = []
  const times: number[] = []
  const run = (cmd: string): RecordedOutput => {
    heard.push(cmd)
    const step = recording.steps[next++]
    return { code: step?.code ?? null, stdout: change(step?.stdout ?? ''), stderr: step?.stderr ?? '' }
  }
  const setClock = (ms: number): void => {
    times.push(ms)
  }
  return { heard, times, run, setClock, advanceTo: setClock, load: () => {}, createNodes: () => {} }
}

describe('[A16] kubectl sessions', () => {
  it('are all read', () => {
    expect(sessions).toHaveLength(20)
    expect(sessions.reduce((sum, session) => sum + session.steps.length, 0)).toBe(1104)
    const kustomize = sessions.find(session => session.id === 'kustomize')
    expect(Object.keys(kustomize?.files ?? {})).toContainEqual(expect.stringMatching(/\/kustomization\.yaml$/))
  })

  it.each(sessions.map(session => [session.id, session] as const))('%s agrees with its own recording', (_, session) => {
    const mine = parrot(session)
    const results = session.state ? runWorld(session, mine) : runSession(session, mine)
    expect(results.flatMap(step => step.mismatches)).toEqual([])
    expect(mine.heard.slice(-session.steps.length)).toEqual(session.steps.map(step => step.cmd))
    expect([...mine.times].sort((a, b) => a - b)).toEqual(mine.times)
  })

  it.each(sessions.map(session => [session.id, session] as const))('%s fails when a word is wrong', (_, session) => {
    const mine = parrot(session, text => text.replace(/created|NAME|Name|:|\w+/, 'x'))
    const results = session.state ? runWorld(session, mine) : runSession(session, mine)
    const printing = session.steps.filter(step => step.stdout !== '' && !step.cut && !step.anyOrder)
    const failed = results.filter(step => step.mismatches.length > 0)
    expect(failed.length).toBeGreaterThanOrEqual(printing.length - 2)
  })

  it('are compared by the byte when printing, and normalised when living', () => {
    const [session] = sessions.filter(each => each.id === 'first-steps')
    if (!session) throw new Error('no session first-steps')
    const older = (text: string) => text.replace(/\b3s\b/g, '9s')
    expect(runSession(session, parrot(session, older)).flatMap(step => step.mismatches)).toEqual([])
    expect(runWorld(session, parrot(session, older)).flatMap(step => step.mismatches)).not.toEqual([])
  })

  it('accept any order, and what another run printed, only where the recording says so', () => {
    const step: SessionStep = { cmd: 'x', now: '', code: 0, stdout: 'a=1,b=2\nc\n', stderr: '' }
    const same = (text: string) => text
    const swapped = { code: 0, stdout: 'c\nb=2,a=1\n', stderr: '' }
    expect(compareOutput({ ...step, anyOrder: true }, swapped, same)).toEqual([])
    expect(compareOutput(step, swapped, same)).toEqual([
      { path: 'x: stdout line 1', expected: '"a=1,b=2"', got: '"c"' },
    ])
    const other = { code: 1, stdout: '', stderr: 'no' }
    expect(compareOutput({ ...step, alsoSeen: { code: 1, stdout: '', stderr: 'no' } }, other, same)).toEqual([])
    expect(compareOutput(step, other, same)).toHaveLength(3)
    expect(compareOutput({ ...step, anyOrder: true }, { ...swapped, stdout: 'c\nb=2,a=3\n' }, same)).toHaveLength(1)
  })

  it('compare the skeleton of help and explain, without the prose', () => {
    const explain =
      'KIND:       Pod\nVERSION:    v1\n\nDESCRIPTION:\n    Words.\n    \nFIELDS:\n  kind\t<string>\n    More words.\n\n'
    const cut = 'KIND:       Pod\nVERSION:    v1\n\nDESCRIPTION:\n    <description>\nFIELDS:\n  kind\t<string>\n\n\n'
    expect(withoutProse(explain)).toBe(withoutProse(cut))
    expect(withoutProse(explain.replace('<string>', '<int>'))).not.toBe(withoutProse(cut))
    const help =
      'Do it.\n\nExamples:\n  # one\n  kubectl x\n\nOptions:\n    --a=1:\n\tWords.\n\nUsage:\n  kubectl x [options]\n'
    const cutHelp =
      '<description>\n\nExamples:\n  <examples>\n\nOptions:\n    --a=1:\n\nUsage:\n  kubectl x [options]\n'
    expect(withoutProse(help)).toBe(withoutProse(cutHelp))
    expect(withoutProse(help.replace('--a=1', '--a=2'))).not.toBe(withoutProse(cutHelp))
  })
})
