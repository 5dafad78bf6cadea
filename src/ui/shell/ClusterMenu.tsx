import { ChevronDown, FolderOpen } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { seedLab } from '../../api/lab.ts'
import { useItemsWhere } from '../store.ts'
import { openRecordFile } from '../session/opening.ts'
import { currentTopology, freshRecord, openSession, reportError } from '../session/session.ts'
import type { SceneItem } from '../../scene/model.ts'
import styles from './ClusterMenu.module.css'

const isMachine = (item: SceneItem) => item.type === 'machine'

/** The name of the cluster that is open, and the form that builds another. */
export function ClusterMenu() {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const count = useItemsWhere(isMachine).length // So that the name follows when another cluster is opened.
  const { preset, masters, workers } = count >= 0 ? currentTopology() : seedLab
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger className={styles.trigger}>
        <b>{preset}</b>
        <span>{t('bar.shape', { masters, count: workers })}</span>
        <ChevronDown size={13} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.panel} align="start" sideOffset={6}>
          <NewCluster
            onDone={() => {
              setOpen(false)
            }}
          />
          <OpenFile
            onDone={() => {
              setOpen(false)
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

/** The way back from "Download file". A file can also be dropped on the graph. */
function OpenFile({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation()
  return (
    <label className={styles.file}>
      <FolderOpen size={14} aria-hidden="true" />
      {t('file.open')}
      <input
        type="file"
        accept=".json,application/json"
        className="visually-hidden"
        onChange={event => {
          const [file] = event.target.files ?? []
          onDone()
          if (file) void openRecordFile(file)
        }}
      />
    </label>
  )
}

const mastersOffered = [1, 3, 5]
const workersMax = 100

function NewCluster({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation()
  const [masters, setMasters] = useState(1)
  const [workers, setWorkers] = useState(3)
  const start = () => {
    onDone()
    openSession(freshRecord({ ...seedLab, masters, workers })).catch(reportError)
  }
  return (
    <form className={styles.form} action={start}>
      <h2>{t('bar.newCluster')}</h2>
      <label>
        {t('bar.masters')}
        <select
          value={masters}
          onChange={event => {
            setMasters(Number(event.target.value))
          }}
        >
          {mastersOffered.map(count => (
            <option key={count}>{count}</option>
          ))}
        </select>
      </label>
      <label>
        {t('bar.workers')}
        <input
          type="number"
          min={1}
          max={workersMax}
          required
          value={workers}
          onChange={event => {
            setWorkers(Number(event.target.value))
          }}
        />
      </label>
      <p>{t('bar.replaces')}</p>
      <button type="submit" className={styles.start}>
        {t('bar.start')}
      </button>
    </form>
  )
}
