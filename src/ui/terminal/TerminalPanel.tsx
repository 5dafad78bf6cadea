import { Plus, X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../shell/IconButton.tsx'
import styles from './TerminalPanel.module.css'

const XTerm = lazy(() => import('./XTerm.tsx'))

interface Open {
  readonly numbers: readonly number[]
  readonly shown: number
}

/** Terminals side by side behind small tabs; each is a shell of its own in the session. */
export function TerminalPanel() {
  const { t } = useTranslation()
  const [{ numbers, shown }, setOpen] = useState<Open>({ numbers: [1], shown: 1 })
  const add = () => {
    const next = Math.max(0, ...numbers) + 1
    setOpen({ numbers: [...numbers, next], shown: next })
  }
  const close = (number: number) => {
    const left = numbers.filter(each => each !== number)
    const rest = left.length > 0 ? left : [number + 1]
    setOpen({ numbers: rest, shown: shown === number ? (rest.at(-1) ?? 1) : shown })
  }
  return (
    <div className={styles.panel}>
      <Suspense fallback={<p className={styles.loading}>{t('terminal.loading')}</p>}>
        <div className={styles.screens}>
          {numbers.map(number => (
            <XTerm
              key={number}
              id={`t${number}`}
              label={t('terminal.name', { count: number })}
              isShown={number === shown}
            />
          ))}
        </div>
      </Suspense>
      <ul className={styles.tabs}>
        {numbers.map(number => (
          <li key={number} data-shown={number === shown}>
            <button
              type="button"
              data-terminal-tab
              aria-pressed={number === shown}
              onClick={() => {
                setOpen({ numbers, shown: number })
              }}
            >
              {t('terminal.name', { count: number })}
            </button>
            {numbers.length > 1 && (
              <IconButton
                label={t('terminal.close', { count: number })}
                icon={X}
                size={12}
                onClick={() => {
                  close(number)
                }}
              />
            )}
          </li>
        ))}
        <li>
          <IconButton label={t('terminal.new')} icon={Plus} size={14} onClick={add} />
        </li>
      </ul>
    </div>
  )
}
