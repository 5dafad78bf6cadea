import type { NodeProps } from '@xyflow/react'
import {
  FileSliders,
  Globe,
  HardDrive,
  KeyRound,
  Layers,
  type LucideIcon,
  Monitor,
  Network,
  Waypoints,
} from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SceneItem } from '../../../scene/model.ts'
import { useItem } from '../../store.ts'
import { ToneIcon } from '../ToneIcon.tsx'
import { Card } from './Card.tsx'
import styles from './LaneCard.module.css'

interface LaneCardProps {
  readonly item: SceneItem
  readonly icon: LucideIcon
  readonly label: string
  readonly children: ReactNode
}

/** A card of the lanes between control plane and machines: kind, name, state, one line of facts. */
function LaneCard({ item, icon: Icon, label, children }: LaneCardProps) {
  return (
    <Card item={item} className={styles.card} spoken={Object.values(item.facts).join(', ')}>
      <span className={styles.icon} data-type={item.type}>
        <Icon size={15} strokeWidth={1.8} />
      </span>
      <div className={styles.words}>
        <p className={styles.kind}>
          {label}
          <ToneIcon tone={item.tone} size={10} />
        </p>
        <h4>{item.name}</h4>
        <p className={styles.facts}>{children}</p>
      </div>
    </Card>
  )
}

export const WorkloadNode = memo(function WorkloadNode({ id }: NodeProps) {
  const item = useItem(id)
  if (!item) return null
  const { ready, revision } = item.facts
  return (
    <LaneCard item={item} icon={Layers} label={item.kind ?? ''}>
      <b>{ready}</b> {item.status}
      {revision && <span> · rev {revision}</span>}
    </LaneCard>
  )
})

export const ServiceNode = memo(function ServiceNode({ id }: NodeProps) {
  const item = useItem(id)
  if (!item) return null
  const { type, ports, address } = item.facts
  return (
    <LaneCard item={item} icon={Waypoints} label={type ?? item.kind ?? ''}>
      <span className="mono">{[ports, address].filter(Boolean).join('  ')}</span>
    </LaneCard>
  )
})

export const IngressNode = memo(function IngressNode({ id }: NodeProps) {
  const item = useItem(id)
  if (!item) return null
  const { hosts, paths } = item.facts
  return (
    <LaneCard item={item} icon={Network} label={item.kind ?? ''}>
      <span className="mono">{[hosts, paths].filter(Boolean).join(' ')}</span>
    </LaneCard>
  )
})

const mountIcons: Readonly<Record<string, LucideIcon>> = { ConfigMap: FileSliders, Secret: KeyRound }

/** What Pods mount: a claim with its state, or a ConfigMap or Secret with its keys. */
export const VolumeNode = memo(function VolumeNode({ id }: NodeProps) {
  const item = useItem(id)
  if (!item) return null
  return (
    <LaneCard item={item} icon={mountIcons[item.kind ?? ''] ?? HardDrive} label={item.kind ?? ''}>
      {item.type === 'config' ? item.facts['keys'] : [item.status, ...Object.values(item.facts)].join(' · ')}
    </LaneCard>
  )
})

/** A place outside the cluster: where requests and commands come from. */
export const PlaceNode = memo(function PlaceNode({ id }: NodeProps) {
  const { t } = useTranslation()
  const item = useItem(id)
  if (!item) return null
  const isOutside = item.type === 'outside'
  const Icon = isOutside ? Globe : Monitor
  return (
    <Card item={item} className={styles.place}>
      <Icon size={17} strokeWidth={1.7} />
      <h4>{t(isOutside ? 'graph.outside' : 'graph.workstation')}</h4>
      <p>{t(isOutside ? 'graph.outsideHint' : 'graph.workstationHint')}</p>
    </Card>
  )
})
