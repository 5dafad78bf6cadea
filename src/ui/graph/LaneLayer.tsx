import { ViewportPortal } from '@xyflow/react'
import { useTranslation } from 'react-i18next'
import type { Lane } from './layout.ts'
import { useLayout } from './layout-store.ts'
import styles from './LaneLayer.module.css'

/** The quiet ground that cards lie on: names of the lanes, and a word where a lane is still empty. */
export function LaneLayer() {
  const lanes = useLayout(state => state.layout.lanes)
  const hasAnything = useLayout(state => state.layout.places.size > 0)
  if (!hasAnything) return null
  return (
    <ViewportPortal>
      <div className={styles.lanes}>
        {lanes.map(lane => (
          <LaneGround key={lane.id} lane={lane} />
        ))}
      </div>
    </ViewportPortal>
  )
}

function LaneGround({ lane }: { readonly lane: Lane }) {
  const { t } = useTranslation()
  const style = { left: lane.x, top: lane.y, width: lane.width, height: lane.height }
  if (lane.id === 'queue') {
    return (
      <section className={styles.queue} style={style}>
        <h3>{t('graph.waiting')}</h3>
        {lane.hidden > 0 && <span className={styles.more}>{t('graph.more', { count: lane.hidden })}</span>}
        {lane.empty && <p>{t('graph.waitingNone')}</p>}
      </section>
    )
  }
  const words = lane.id === 'workloads' ? t('graph.noWorkloads') : t('graph.noServices')
  return (
    <section className={styles.lane} style={style} data-empty={lane.empty}>
      {lane.id !== 'traffic' && <h3 className={styles.name}>{t(`graph.${lane.id}`)}</h3>}
      {lane.empty && lane.id !== 'storage' && <p>{words}</p>}
    </section>
  )
}
