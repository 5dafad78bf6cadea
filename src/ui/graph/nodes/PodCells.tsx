import { memo } from 'react'
import { useItem } from '../../store.ts'
import { useStress } from '../emphasis.ts'
import { useLayout } from '../layout-store.ts'
import styles from './PodCells.module.css'

/** The Pods of one machine as small squares: what is drawn while there are hundreds. */
export function PodCells({ machine }: { readonly machine: string }) {
  const layout = useLayout(state => state.layout)
  const home = layout.places.get(machine)
  const pods = layout.memory.slots.get(`pods/${machine}`)
  if (!home || !pods) return null
  return [...pods.keys()].map(id => {
    const place = layout.places.get(id)
    return place && <PodCell key={id} id={id} left={place.x - home.x} top={place.y - home.y} />
  })
}

interface PodCellProps {
  readonly id: string
  readonly left: number
  readonly top: number
}

const PodCell = memo(function PodCell({ id, left, top }: PodCellProps) {
  const item = useItem(id)
  const stress = useStress(id)
  if (!item) return null
  return (
    <i
      className={styles.cell}
      style={{ left, top }}
      data-item={id}
      data-tone={item.tone}
      data-stress={stress}
      title={`${item.name} · ${item.status}`}
    />
  )
})
