import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AllocationAnswer, Share } from '../../protocol/messages.ts'
import { ask } from '../session/session.ts'
import styles from './Allocation.module.css'
import { followFrames } from './follow-changes.ts'

/** Two looks at a counter that are closer together, in virtual ms, do not say how fast it grows. */
const leastGapMs = 400

/** What a node's Pods ask for, may have and use, against what it has. */
export function Allocation({ node }: { readonly node: string }) {
  const { t } = useTranslation()
  const seen = useAllocation(node)
  if (!seen) return null
  const { answer, cpuMillis } = seen
  const { cpu, memory, pods, usedMemory } = answer
  return (
    <section className={styles.allocation} aria-label={t('allocation.title')}>
      <h3>{t('allocation.title')}</h3>
      <Meter name={t('allocation.cpu')} share={cpu} used={cpuMillis} show={cores} />
      <Meter name={t('allocation.memory')} share={memory} used={usedMemory} show={mebibytes} />
      <p className={styles.pods}>{t('allocation.pods', { count: pods.count, most: pods.most })}</p>
    </section>
  )
}

interface MeterProps {
  readonly name: string
  readonly share: Share
  readonly used: number | undefined
  readonly show: (amount: number) => string
}

function Meter({ name, share: { allocatable, requested, limited }, used, show }: MeterProps) {
  const { t } = useTranslation()
  const part = (amount: number) => `${String(Math.min(100, (amount / Math.max(allocatable, 1)) * 100))}%`
  const words = [
    t('allocation.requested', { amount: show(requested) }),
    ...(limited > 0 ? [t('allocation.limited', { amount: show(limited) })] : []),
    ...(used === undefined ? [] : [t('allocation.used', { amount: show(used) })]),
  ]
  return (
    <div className={styles.meter} data-full={requested >= allocatable && allocatable > 0}>
      <p>
        <b>{name}</b> <span>{t('allocation.of', { amount: show(allocatable) })}</span>
      </p>
      <div className={styles.bar} aria-hidden="true">
        <i className={styles.requested} style={{ width: part(requested) }} />
        {used !== undefined && <i className={styles.used} style={{ width: part(used) }} />}
      </div>
      <small>{words.join(' · ')}</small>
    </div>
  )
}

function cores(millis: number): string {
  return millis >= 1000 ? String(Math.round(millis / 100) / 10) : `${String(Math.round(millis))}m`
}

function mebibytes(bytes: number): string {
  const mebi = bytes / 2 ** 20
  return mebi >= 1024 ? `${String(Math.round((mebi / 1024) * 10) / 10)}Gi` : `${String(Math.round(mebi))}Mi`
}

interface Seen {
  readonly answer: AllocationAnswer
  /** CPU in use between the last two looks; unknown at the first. */
  readonly cpuMillis: number | undefined
}

function useAllocation(node: string): Seen | undefined {
  const [seen, setSeen] = useState<Seen>()
  const before = useRef<AllocationAnswer>(undefined)
  useEffect(() => {
    before.current = undefined
    return followFrames(async () => {
      const answer = await ask({ ask: 'allocation', name: node }).catch(() => undefined)
      if (!answer) return
      const last = before.current
      const isLater = last === undefined || answer.at < last.at || answer.at - last.at >= leastGapMs
      if (isLater) before.current = answer
      setSeen(shown => ({ answer, cpuMillis: isLater ? rateOf(last, answer) : shown?.cpuMillis }))
    })
  }, [node])
  return seen
}

function rateOf(last: AllocationAnswer | undefined, { at, usedCpuMs }: AllocationAnswer): number | undefined {
  if (last?.usedCpuMs === undefined || usedCpuMs === undefined || at <= last.at) return undefined
  return ((usedCpuMs - last.usedCpuMs) / (at - last.at)) * 1000
}
