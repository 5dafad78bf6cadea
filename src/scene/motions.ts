import { type HopEvidence, isEvidence, type RequestEvidence } from '../machinery/evidence.ts'
import { idOf } from './contribution.ts'
import type { Mark, Motion, Tone } from './model.ts'

/** One trace entry as the scene reads it. */
export interface TraceItem {
  readonly seq: number
  readonly at: number
  readonly by: string
  readonly type: string
  readonly data: unknown
}

/** How long a control message is shown to travel, in virtual ms: about what it takes in life. */
const controlMs = 3

const workstation = idOf.machine('workstation')

/** What moves because of this entry, if anything does. */
export function motionOf(entry: TraceItem): Motion | undefined {
  if (isEvidence(entry, 'request')) return requestMotion(entry, entry.data)
  if (isEvidence(entry, 'watch')) return watchMotion(entry, entry.data)
  if (isEvidence(entry, 'hop')) return hopMotion(entry, entry.data)
  return undefined
}

/** The entry as a mark of the timeline, if people will look for it there. */
export function markOf(entry: TraceItem): Mark | undefined {
  if (isEvidence(entry, 'input')) return { at: entry.at, type: 'input', label: entry.data.what, trace: entry.seq }
  if (!isEvidence(entry, 'fault')) return undefined
  const { what, target } = entry.data
  return { at: entry.at, type: 'fault', label: `${what} ${target}`, trace: entry.seq }
}

function requestMotion(entry: TraceItem, { verb, target, from, code, userAgent }: RequestEvidence): Motion | undefined {
  // People's kubectl is no component: it runs on the workstation.
  const asker = from !== undefined ? placeOf(from) : userAgent.startsWith('kubectl/') ? workstation : undefined
  if (asker === undefined || verb === 'watch') return undefined
  return {
    id: `t${entry.seq}`,
    flow: 'control',
    from: asker,
    to: idOf.component(entry.by),
    startAt: entry.at - controlMs,
    endAt: entry.at,
    label: `${verb} ${target.resource}/${target.name}`,
    tone: toneOfCode(code),
    trace: entry.seq,
  }
}

function watchMotion(
  entry: TraceItem,
  { to, resource, count }: { to: string; resource: string; count: number },
): Motion | undefined {
  return {
    id: `t${entry.seq}`,
    flow: 'watch',
    from: idOf.component(entry.by),
    to: placeOf(to),
    startAt: entry.at,
    endAt: entry.at + controlMs,
    label: count === 1 ? resource : `${resource} ×${count}`,
    tone: 'good',
    trace: entry.seq,
  }
}

function hopMotion(entry: TraceItem, hop: HopEvidence): Motion {
  return {
    id: `t${entry.seq}`,
    flow: hop.direction,
    from: hop.from,
    to: hop.to,
    startAt: entry.at,
    endAt: entry.at + hop.latencyMs,
    label: hop.rule ?? `${hop.source} → ${hop.destination}`,
    tone: hop.verdict === 'dropped' || hop.verdict === 'refused' ? 'bad' : 'good',
    trace: entry.seq,
  }
}

/** Kubelets and proxies are drawn as their machine; control-plane programs have a card of their own. */
function placeOf(component: string): string {
  const [type, machine] = component.split('/')
  return machine !== undefined && (type === 'kubelet' || type === 'runtime')
    ? idOf.machine(machine)
    : idOf.component(component)
}

function toneOfCode(code: number): Tone {
  return code >= 500 || code === 0 ? 'bad' : code >= 400 ? 'warning' : 'good'
}
