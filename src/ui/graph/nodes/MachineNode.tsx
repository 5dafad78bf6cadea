import type { NodeProps } from '@xyflow/react'
import { Server, ServerCog } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { useItem } from '../../store.ts'
import { useLayout } from '../layout-store.ts'
import { isMaster } from '../members.ts'
import { Card, Status } from './Card.tsx'
import { PodCells } from './PodCells.tsx'
import styles from './MachineNode.module.css'

/** A machine: a frame with its name and state; what runs on it lies inside. */
export const MachineNode = memo(function MachineNode({ id }: NodeProps) {
  const { t } = useTranslation()
  const item = useItem(id)
  const detail = useLayout(state => state.layout.detail)
  if (!item) return null

  const isMasterHere = isMaster(item)
  const isSmall = detail !== 'cards' && !isMasterHere
  const role = t(isMasterHere ? 'graph.controlPlane' : 'graph.worker')
  return (
    <Card item={item} className={isSmall ? styles.small : styles.machine} spoken={role}>
      <header className={styles.head}>
        {!isSmall && (
          <span className={styles.icon}>{isMasterHere ? <ServerCog size={16} /> : <Server size={16} />}</span>
        )}
        <div className={styles.names}>
          <h2>{item.name}</h2>
          {!isSmall && (
            <p>
              {isMasterHere && `${role} · `}
              <span className="mono">{item.facts['address']}</span>
            </p>
          )}
        </div>
        <Status item={item} word={item.facts['trouble']} />
      </header>
      {detail === 'cells' && !isMasterHere && <PodCells machine={id} />}
    </Card>
  )
})
