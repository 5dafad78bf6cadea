import { ViewportPortal } from '@xyflow/react'
import { memo } from 'react'
import { useEmphasis } from './emphasis.ts'
import { useLayout } from './layout-store.ts'
import type { Wire } from './routes.ts'
import styles from './WireLayer.module.css'

/**
 * Relations as lines, between machines and Pods in depth. Traffic (exposes, routes, selects) is always there, faintly;
 * ownership and mounts show only with what is selected.
 */
export function WireLayer() {
  const wires = useLayout(state => state.wires)
  const centre = useEmphasis(state => state.centre)
  const related = useEmphasis(state => state.related)
  const isChosen = related.size > 0
  const isLit = (wire: Wire) =>
    isChosen && (wire.from === centre || related.has(wire.from)) && (wire.to === centre || related.has(wire.to))
  const shown = wires.filter(wire => isTraffic(wire) || isLit(wire))
  const ordered = isChosen ? shown.toSorted((a, b) => Number(isLit(a)) - Number(isLit(b))) : shown
  return (
    <ViewportPortal>
      <svg className={styles.wires} aria-hidden="true">
        {ordered.map(wire => (
          <WirePath key={wire.id} wire={wire} stress={!isChosen ? 'none' : isLit(wire) ? 'lit' : 'faded'} />
        ))}
      </svg>
    </ViewportPortal>
  )
}

function isTraffic(wire: Wire): boolean {
  return wire.type === 'exposes' || wire.type === 'routes' || wire.type === 'selects'
}

interface WirePathProps {
  readonly wire: Wire
  readonly stress: 'none' | 'lit' | 'faded'
}

const WirePath = memo(function WirePath({ wire, stress }: WirePathProps) {
  return <path d={wire.path} className={styles.wire} data-type={wire.type} data-live={wire.live} data-stress={stress} />
})
