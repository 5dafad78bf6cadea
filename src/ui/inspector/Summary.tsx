import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { SceneItem } from '../../scene/model.ts'
import { ToneIcon } from '../graph/ToneIcon.tsx'
import { factName } from '../i18n/fact-name.ts'
import { reveal } from '../selection.ts'
import { useItem, useScene } from '../store.ts'
import { Allocation } from './Allocation.tsx'
import styles from './Inspector.module.css'
import { relatedGroups } from './related.ts'

/** So many links of one sort are listed; a DaemonSet on a thousand nodes is not a list to read. */
const linksMax = 40

/** The facts of an item and what it hangs together with. */
export function Summary({ item }: { readonly item: SceneItem }) {
  const { t } = useTranslation()
  const wiring = useScene(state => state.wiring)
  const relations = useScene(state => state.relations)
  const groups = useMemo(
    () => (wiring < 0 ? [] : relatedGroups(item.id, relations.values())),
    [wiring, item.id, relations],
  )
  const facts = Object.entries(item.facts).filter(([, value]) => value !== '')
  return (
    <>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{factName(t, name)}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
        {item.parent !== undefined && (
          <div>
            <dt>{t('inspector.runsOn')}</dt>
            <dd>
              <Link id={item.parent} live />
            </dd>
          </div>
        )}
      </dl>
      {item.kind === 'Node' && <Allocation node={item.name} />}
      {groups.length > 0 && <h3 className={styles.heading}>{t('inspector.related')}</h3>}
      <dl className={styles.related}>
        {groups.map(({ word, links }) => (
          <div key={word}>
            <dt>{t(`inspector.${word}`)}</dt>
            <dd>
              {links.slice(0, linksMax).map(link => (
                <Link key={link.id} {...link} />
              ))}
              {links.length > linksMax && t('graph.more', { count: links.length - linksMax })}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function Link({ id, live }: { readonly id: string; readonly live: boolean }) {
  const { t } = useTranslation()
  const item = useItem(id)
  if (!item) return null
  return (
    <button
      type="button"
      className={styles.link}
      data-live={live}
      onClick={() => {
        reveal(id)
      }}
    >
      <ToneIcon tone={item.tone} size={11} />
      <span>{item.name}</span>
      {!live && <small>{t('inspector.notReady')}</small>}
    </button>
  )
}
