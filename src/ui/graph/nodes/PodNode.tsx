import type { NodeProps } from '@xyflow/react'
import { RotateCw } from 'lucide-react'
import { memo } from 'react'
import { useItem } from '../../store.ts'
import { splitPodName } from '../pod-name.ts'
import { ToneIcon } from '../ToneIcon.tsx'
import { Card } from './Card.tsx'
import styles from './PodNode.module.css'

/**
 * One Pod on the graph. It receives nothing but its id and subscribes to that one item, so a change of one Pod renders
 * one node and not a thousand.
 */
export const PodNode = memo(function PodNode({ id }: NodeProps) {
  const item = useItem(id)
  if (!item) return null

  const { base, suffix } = splitPodName(item.name)
  const { ready, restarts } = item.facts
  // `0/1` says nothing that `ContainerCreating` does not, and takes its room.
  const isNoneReady = ready?.startsWith('0/') && item.status !== 'Running'
  return (
    <Card item={item} className={styles.pod} spoken={ready}>
      <h4>
        <span className={styles.base}>{base}</span>
        {suffix && <span className={styles.suffix}>{suffix}</span>}
      </h4>
      <p>
        <ToneIcon tone={item.tone} size={11} />
        <span className={styles.status}>{item.status}</span>
        {restarts !== undefined && restarts !== '0' && (
          <span className={styles.restarts}>
            <RotateCw size={9} strokeWidth={2.5} />
            {restarts}
          </span>
        )}
        {ready && !isNoneReady && <span className={styles.ready}>{ready}</span>}
      </p>
    </Card>
  )
})

/** A Pod that waits for a node: the same in one line. */
export const WaitingNode = memo(function WaitingNode({ id }: NodeProps) {
  const item = useItem(id)
  if (!item) return null
  const { base, suffix } = splitPodName(item.name)
  return (
    <Card item={item} className={styles.waiting}>
      <ToneIcon tone={item.tone} size={10} />
      <span className={styles.base}>{base}</span>
      {suffix && <span className={styles.suffix}>{suffix}</span>}
    </Card>
  )
})

/** A system Pod or a lesser component: its name and its state's icon. */
export const ChipNode = memo(function ChipNode({ id }: NodeProps) {
  const item = useItem(id)
  if (!item) return null
  return (
    <Card item={item} className={styles.chip}>
      <ToneIcon tone={item.tone} size={9} />
      <span className={styles.base}>{splitPodName(item.name).base}</span>
    </Card>
  )
})
