import type { NodeProps } from '@xyflow/react'
import { Boxes, CalendarClock, Cloud, Database, DoorOpen, type LucideIcon } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { factName } from '../../i18n/fact-name.ts'
import { useItem } from '../../store.ts'
import { ToneIcon } from '../ToneIcon.tsx'
import { Card } from './Card.tsx'
import styles from './ComponentNode.module.css'

const icons: Readonly<Record<string, LucideIcon>> = {
  etcd: Database,
  'kube-apiserver': DoorOpen,
  'kube-scheduler': CalendarClock,
  'kube-controller-manager': Boxes,
  'cloud-controller-manager': Cloud,
}

/** A part of the control plane: what it is called in short, how it is, and its most telling figure. */
export const ComponentNode = memo(function ComponentNode({ id }: NodeProps) {
  const { t } = useTranslation()
  const item = useItem(id)
  if (!item) return null

  const Icon = icons[item.name] ?? Boxes
  const [label, fact] = Object.entries(item.facts)[0] ?? []
  return (
    <Card item={item} className={styles.component} spoken={label && `${label} ${fact ?? ''}`}>
      <span className={styles.icon}>
        <Icon size={15} strokeWidth={1.8} />
      </span>
      <div className={styles.words}>
        <h4>{item.name.replace(/^kube-/, '')}</h4>
        <p>
          <ToneIcon tone={item.tone} size={10} />
          <span>
            {item.tone === 'good' && fact
              ? label === fact
                ? fact
                : `${factName(t, label ?? '')} ${fact}`
              : item.status}
          </span>
        </p>
      </div>
    </Card>
  )
})
