import { memo } from 'react'
import { useItem } from '../../store.ts'
import { useStress } from '../emphasis.ts'
import { useLayout } from '../layout-store.ts'
import styles from './PodCells.module.css'

/**
 * The Pods of one machine as small squares: what is drawn while there are hundreds. Shapes of one SVG and not boxes, since
 * a thousand positioned boxes are a thousand layers to walk through at every frame in which anything moves.
 */
export function PodCells({ machine }: { readonly machine: string }) {
  const layout = useLayout(state => state.layout)
  const home = layout.places.get(machine)
  const pods = layout.memory.slots.get(`pods/${machine}`)
  if (!home || !pods) return null
  return (
    <svg className={styles.cells} width={home.width} height={home.height}>
      {[...pods.keys()].map(id => {
        const place = layout.places.get(id)
        return place && <PodCell key={id} id={id} x={place.x - home.x} y={place.y - home.y} size={place.width} />
      })}
    </svg>
  )
}

interface PodCellProps {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly size: number
}

const PodCell = memo(function PodCell({ id, x, y, size }: PodCellProps) {
  const item = useItem(id)
  const stress = useStress(id)
  if (!item) return null
  return (
    <rect
      className={styles.cell}
      x={x}
      y={y}
      width={size}
      height={size}
      data-item={id}
      data-tone={item.tone}
      data-stress={stress}
    >
      <title>{`${item.name} · ${item.status}`}</title>
    </rect>
  )
})
