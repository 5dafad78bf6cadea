import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { rootHome } from '../../shell/home.ts'
import { normalise } from '../golden/behaviour/normalise.mjs'
import { apiLab } from '../api-lab.ts'
import {
  compareOutput,
  customObjects,
  type KubectlRecording,
  type RecordedOutput,
  SESSION_START,
  type SessionStep,
} from '../golden-kubectl.ts'
import { clusterOf } from '../kubectl-cluster.ts'
import { asRecorded, loadState, splitWords, Workstation } from '../kubectl-lab.ts'
import { withoutVersion } from './differences.ts'
import { LabServer } from './lab-server.ts'
import { type RealKubectl, runKubectl } from './real-kubectl.ts'

/** What a step printed otherwise than recorded. */
export interface Deviation {
  readonly step: number
  readonly cmd: string
  readonly what: string
}

/** Virtual seconds a real second: processes take less time than the recorded ones had from one to the next. */
const speed = 2

/** Where the recorded kubeconfig led. */
const recordedAddress = '192.168.1.10:6443'

/** Plays a recorded session with the real kubectl, and says which steps print something else than was recorded. */
export async function playTranscript(kubectl: RealKubectl, recording: KubectlRecording): Promise<Deviation[]> {
  const { lab, prepare } = recording.state ? worldOf(recording) : livingOf(recording)
  const { requests, address, kubeconfig, close } = await LabServer.start(lab, { speed })
  const home = mkdtempSync(join(tmpdir(), 'podscape-transcript-'))
  try {
    place(home, { ...recording.files, '.kube/config': kubeconfig })
    prepare()
    const deviations: Deviation[] = []
    for (const [step, recorded] of recording.steps.entries()) {
      if (isLong(recording.steps, step)) continue
      lab.advance(Math.max(0, Date.parse(recorded.now) - lab.simulation.now))
      if (!recording.state) requests.run()
      if (/\brollout restart\b/.test(recorded.cmd)) await nextSecond()
      const output = await runStep(kubectl, recorded, home)
      requests.pause()
      const printed = asPrintedThere(output, address, home)
      const [found] = compare(kubectl, recorded, printed)
      if (found)
        deviations.push({ step, cmd: recorded.cmd, what: `${found.path}\n  ${found.expected}\n  ${found.got}` })
    }
    return deviations
  } finally {
    close()
    rmSync(home, { recursive: true })
  }
}

/** kubectl stamps a restart with the second of its own clock, and refuses another one within it. */
function nextSecond(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 1_010 - (Date.now() % 1_000)))
}

/** Who waits for so many seconds of real time waits for what never comes: it is not played. */
const longestSeconds = 15

function isLong(steps: readonly SessionStep[], step: number): boolean {
  const [here, next] = [steps[step]?.now, steps[step + 1]?.now]
  return here !== undefined && next !== undefined && Date.parse(next) - Date.parse(here) > longestSeconds * 1000
}

/** A world in which nothing changes. */
function worldOf(recording: KubectlRecording) {
  const lab = apiLab()
  const state = recording.state ?? []
  const prepare = (): void => {
    void new Workstation(lab)
    loadState(lab, [...state, ...customObjects(recording, state)])
  }
  return { lab, prepare }
}

/** A cluster that lives; what happens before the steps is done by the page's kubectl. */
function livingOf(recording: KubectlRecording) {
  const { lab, createNodes } = clusterOf(recording)
  const prepare = (): void => {
    const workstation = new Workstation(lab)
    createNodes(recording.nodes)
    let clock = SESSION_START
    for (const step of recording.setup) {
      if (typeof step === 'string') workstation.run(step, { files: recording.files })
      else if ('sleep' in step) clock += step.sleep * 1000
      lab.advance(Math.max(0, clock - lab.simulation.now))
    }
  }
  return { lab, prepare }
}

function place(home: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(home, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}

async function runStep(kubectl: RealKubectl, step: SessionStep, home: string): Promise<RecordedOutput> {
  const env = { HOME: home, TZ: 'UTC', PATH: '/usr/bin:/bin', ...step.env }
  const options = { cwd: home, env, stdin: step.stdin, seconds: step.seconds }
  const running = runKubectl(kubectl, wordsOf(step.cmd), options)
  const others = (step.meanwhile ?? []).map(async ({ after, cmd }) => {
    await new Promise(resolve => setTimeout(resolve, (after / speed) * 1000))
    await runKubectl(kubectl, wordsOf(cmd), { cwd: home, env })
  })
  const [output] = await Promise.all([running, ...others])
  return output
}

function wordsOf(commandLine: string): string[] {
  return splitWords(commandLine).slice(1)
}

/** An output as if the server had been where the recorded one was, and the folder the recorded user's. */
function asPrintedThere({ code, stdout, stderr }: RecordedOutput, address: string, home: string): RecordedOutput {
  const there = (text: string): string =>
    asRecorded(text).replaceAll(address, recordedAddress).replaceAll(home, rootHome)
  return { code, stdout: there(stdout), stderr: there(stderr) }
}

function compare({ minor }: RealKubectl, step: SessionStep, printed: RecordedOutput) {
  const command = step.cmd.replace(/^kubectl /, '')
  const plain = (output: RecordedOutput): RecordedOutput => withoutVersion(command, minor, output)
  const { alsoSeen } = step
  const recorded = {
    ...step,
    ...plain(step),
    ...(alsoSeen && { alsoSeen: plain({ code: step.code, stdout: step.stdout, stderr: step.stderr, ...alsoSeen }) }),
  }
  return compareOutput(recorded, plain(printed), normalise)
}
