import { FileUp } from 'lucide-react'
import { type DragEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { takeFile } from '../actions.ts'
import styles from './DropZone.module.css'

/** Takes files that are dropped on what is inside: manifests to apply, or a session to open. */
export function DropZone({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation()
  const [isOver, setOver] = useState(false)

  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setOver(true)
  }
  const leave = (event: DragEvent) => {
    if (!(event.relatedTarget instanceof Node) || !event.currentTarget.contains(event.relatedTarget)) setOver(false)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    for (const file of event.dataTransfer.files) void takeFile(file)
  }
  return (
    <div className={styles.zone} onDragOver={over} onDragLeave={leave} onDrop={drop}>
      {children}
      {isOver && (
        <div className={styles.veil}>
          <FileUp size={28} strokeWidth={1.6} />
          {t('graph.drop')}
        </div>
      )}
    </div>
  )
}
