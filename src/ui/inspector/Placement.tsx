import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PlacementAnswer } from '../../protocol/messages.ts'
import type { SceneItem } from '../../scene/model.ts'
import { clockText } from '../actions.ts'
import { reveal } from '../selection.ts'
import { ask } from '../session/session.ts'
import { useScene } from '../store.ts'
import { followChanges } from './follow-changes.ts'
import styles from './Placement.module.css'

type Verdict = PlacementAnswer['verdicts'][number]

/** How the scheduler came to the Pod's node: every node's score, plugin by plugin, or why it was out of the question. */
export function Placement({ item }: { readonly item: SceneItem }) {
  const { t } = useTranslation()
  const placement = usePlacement(item)
  if (!placement) return null
  const { at, node, verdicts } = placement
  const scored = verdicts.filter(verdict => verdict.scores !== undefined)
  const plugins = Object.keys(scored[0]?.scores ?? {})
  return (
    <section className={styles.placement} aria-label={t('placement.title')}>
      <h3>{t('placement.title')}</h3>
      <p>{t('placement.when', { time: clockText(at) })}</p>
      <div className={styles.scroll} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('placement.node')}</th>
              <th scope="col">{t('placement.total')}</th>
              {plugins.map(plugin => (
                <th key={plugin} scope="col" className={styles.plugin}>
                  <span>{plugin}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {verdicts.map(verdict => (
              <Row key={verdict.node} verdict={verdict} plugins={plugins} isChosen={verdict.node === node} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

interface RowProps {
  readonly verdict: Verdict
  readonly plugins: readonly string[]
  readonly isChosen: boolean
}

function Row({ verdict: { node, refusedBy, reasons = [], scores, total }, plugins, isChosen }: RowProps) {
  const { t } = useTranslation()
  const isRefused = refusedBy !== undefined
  return (
    <tr data-chosen={isChosen} data-refused={isRefused}>
      <th scope="row">
        <NodeName name={node} />
        {isChosen && <small>{t('placement.chosen')}</small>}
      </th>
      {isRefused ? (
        <td colSpan={plugins.length + 1} className={styles.reason}>
          {reasons.join(', ')} <small>{refusedBy}</small>
        </td>
      ) : (
        <>
          <td className={styles.total}>{total === undefined ? t('placement.only') : Math.round(total)}</td>
          {plugins.map(plugin => (
            <td key={plugin}>{Math.round(scores?.[plugin] ?? 0)}</td>
          ))}
        </>
      )}
    </tr>
  )
}

function NodeName({ name }: { readonly name: string }) {
  const id = `machine/${name}`
  const isThere = useScene(scene => scene.items.has(id))
  if (!isThere) return <span>{name}</span>
  return (
    <button
      type="button"
      onClick={() => {
        reveal(id)
      }}
    >
      {name}
    </button>
  )
}

function usePlacement({ namespace = 'default', name }: SceneItem): PlacementAnswer | undefined {
  const [placement, setPlacement] = useState<PlacementAnswer>()
  useEffect(
    () =>
      followChanges(async () => {
        setPlacement(await ask({ ask: 'placement', namespace, name }).catch(() => undefined))
      }),
    [namespace, name],
  )
  return placement
}
