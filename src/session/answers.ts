import { Event } from '../api/core/event.ts'
import { ApiError, attempt } from '../machinery/status.ts'
import { parseTime } from '../machinery/time.ts'
import type { Answers, Ask, EventLine } from '../protocol/messages.ts'
import { allocationAnswer } from './allocation.ts'
import { applyText, diffText } from './apply.ts'
import type { Session } from './session.ts'
import { heroOf, placementAnswer, storyAnswer } from './story.ts'
import { whyAnswer } from './why.ts'

/** What can be answered by looking, or by an input: everything but the control of time. */
export type Question = Exclude<Ask, { ask: 'open' | 'play' | 'pause' | 'step' | 'speed' | 'seek' | 'next' }>

/** A question that cannot be answered: its message is for the user. */
export class Refusal extends Error {}

/** Answers a page's question about the session as it is now. Throws Refusal with a text for people. */
export function answer(session: Session, ask: Question): Answers[Question['ask']] {
  const isLook = ask.ask !== 'input' || (ask.input.type === 'apply' && ask.input.dryRun === true)
  // A look, a trial run included, must not change what happens afterwards: it is not in the log.
  if (isLook) return aside(session, () => look(session, ask))
  const result = session.input(ask.input)
  if (result && 'error' in result) throw new Refusal(result.error)
  return result && 'lines' in result ? result : undefined
}

/** Looks without moving anything. That no API server answers is a reason for the user, and no bug of ours. */
export function aside<T>({ cluster }: Session, look: () => T): T {
  try {
    return cluster.simulation.aside(look)
  } catch (error) {
    if (error instanceof ApiError) throw new Refusal(error.message)
    throw error
  }
}

function look(session: Session, ask: Question): Answers[Question['ask']] {
  const { cluster } = session
  switch (ask.ask) {
    case 'input':
      return ask.input.type === 'apply' ? applyText(cluster, ask.input.yaml, true) : undefined
    case 'save':
      return session.record(ask.digest)
    case 'digest':
      return session.digest()
    case 'object':
      return objectAnswer(session, ask.resource, ask.namespace, ask.name)
    case 'why': {
      const why = whyAnswer(cluster, ask.resource, ask.namespace, ask.name)
      if (!why) throw new Refusal(`${ask.resource} "${ask.name}" not found`)
      return why
    }
    case 'allocation': {
      const allocation = allocationAnswer(cluster, ask.name)
      if (!allocation) throw new Refusal(`nodes "${ask.name}" not found`)
      return allocation
    }
    case 'placement':
      return placementAnswer(cluster, ask.namespace, ask.name)
    case 'story': {
      const hero = heroOf(cluster, ask.resource, ask.namespace, ask.name)
      if (!hero) throw new Refusal(`${ask.resource} "${ask.name}" not found`)
      return storyAnswer(cluster, hero)
    }
    case 'api':
      return apiAnswer(session, ask.path, ask.accept)
    case 'diff':
      return diffText(cluster, ask.yaml)
    case 'trace': {
      const { trace } = cluster.simulation
      const entries = trace.since(ask.since).slice(0, ask.limit)
      // Somebody who asks from the end, or from before a rewind, is told where the end is.
      const next = (entries.at(-1)?.seq ?? trace.end - 1) + 1
      return { entries, next }
    }
    case 'complete':
      return cluster.terminals.complete(ask.terminal, ask.line)
  }
}

function objectAnswer(
  session: Session,
  resource: string,
  namespace: string | undefined,
  name: string,
): Answers['object'] {
  const where = namespace === undefined || namespace === '' ? [] : ['-n', namespace]
  const { terminals } = session.cluster
  const yaml = terminals.kubectl(['kubectl', 'get', resource, name, '-o', 'yaml', ...where])
  if (yaml.code !== 0) throw new Refusal(yaml.stderr.trimEnd())
  const describe = terminals.kubectl(['kubectl', 'describe', resource, name, ...where])
  return { yaml: yaml.stdout, describe: describe.stdout || describe.stderr, events: eventsOf(session, namespace, name) }
}

/** Events about an object, oldest first. */
function eventsOf({ cluster }: Session, namespace: string | undefined, name: string): EventLine[] {
  let events: Event[] = []
  const options = { fieldSelector: `involvedObject.name=${name}` }
  attempt(() => {
    events = cluster.api.list(Event, namespace === undefined || namespace === '' ? 'default' : namespace, options)
  })
  return events.map(lineOf).sort((a, b) => a.at - b.at)
}

function lineOf(event: Event): EventLine {
  const last = event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp
  return {
    at: parseTime(last),
    type: event.type ?? 'Normal',
    reason: event.reason ?? '',
    message: event.message ?? '',
    count: event.count ?? event.series?.count ?? 1,
    from: event.source?.component ?? event.reportingComponent ?? '',
  }
}

/** Who looks through the page's windows: super-admin.conf, which needs no role. */
const onlooker = { user: 'kubernetes-super-admin', groups: ['system:masters'] }

function apiAnswer({ cluster }: Session, path: string, accept: string | undefined): Answers['api'] {
  let result: Answers['api'] | undefined
  const failure = attempt(() => {
    const headers = accept === undefined ? {} : { Accept: accept }
    const response = cluster.http({ method: 'GET', path, headers, certificate: onlooker })
    const contentType = response.headers['Content-Type'] ?? response.headers['content-type']
    const body = 'body' in response ? response.body : ''
    result = { status: response.status, contentType: String(contentType ?? ''), body }
  })
  if (failure) throw new Refusal(failure.message)
  if (!result) throw new Refusal('there is no answer')
  return result
}
