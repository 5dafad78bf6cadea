import { ChevronRight, Search } from 'lucide-react'
import { memo, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SceneItem } from '../../scene/model.ts'
import { splitPodName } from '../graph/pod-name.ts'
import { ToneIcon } from '../graph/ToneIcon.tsx'
import { filterNamespace, reveal, useIsSelected, useSelection } from '../selection.ts'
import { useItem, useScene } from '../store.ts'
import styles from './Explorer.module.css'
import { namespacesOf, type Section, sectionsOf } from './rows.ts'

/** Longer lists are cut: a name filter finds the rest, and thousands of rows would cost frames. */
const rowsMax = 200
/** Rows are drawn or skipped together, a screenful at most: watching each one by itself would cost more than it saves. */
const rowsInGroup = 20

/** Everything there is, by kind, with counts; the same objects as on the graph, for those who read lists. */
export function Explorer() {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const namespace = useSelection(state => state.namespace)
  const structure = useScene(state => state.structure)
  const items = useScene(state => state.items)
  const sections = useMemo(
    () => (structure < 0 ? [] : sectionsOf(items.values(), text, namespace)),
    [structure, items, text, namespace],
  )
  const namespaces = useMemo(() => (structure < 0 ? [] : namespacesOf(items.values())), [structure, items])
  return (
    <div className={styles.explorer}>
      <div className={styles.filters}>
        <label className={styles.search}>
          <Search size={13} aria-hidden="true" />
          <input
            id="explorer-filter"
            type="search"
            value={text}
            placeholder={t('explorer.filter')}
            aria-label={t('explorer.filter')}
            onChange={event => {
              setText(event.target.value)
            }}
          />
        </label>
        <select
          value={namespace ?? ''}
          aria-label={t('explorer.namespace')}
          onChange={event => {
            filterNamespace(event.target.value === '' ? undefined : event.target.value)
          }}
        >
          <option value="">{t('explorer.allNamespaces')}</option>
          {namespaces.map(name => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <div className={styles.list}>
        {sections.map(section => (
          <SectionRows key={section.id} section={section} />
        ))}
        {sections.length === 0 && (
          <p className={styles.empty}>{text === '' ? t('explorer.empty') : t('explorer.nothing', { text })}</p>
        )}
      </div>
    </div>
  )
}

function SectionRows({ section }: { readonly section: Section }) {
  const { t } = useTranslation()
  const own = new Map([
    ['machines', t('explorer.machines')],
    ['components', t('explorer.components')],
    ['system', t('explorer.system')],
  ])
  const title = own.get(section.title) ?? section.title
  const hidden = section.items.length - rowsMax
  return (
    <details className={styles.section} open={!section.isSystem}>
      <summary>
        <ChevronRight size={12} aria-hidden="true" />
        {title}
        <span className={styles.count}>{section.items.length}</span>
      </summary>
      <div role="list">
        {groupsOf(section.items.slice(0, rowsMax)).map((group, index) => (
          <div key={index} role="presentation" className={styles.group}>
            {group.map(item => (
              <Row key={item.id} id={item.id} />
            ))}
          </div>
        ))}
      </div>
      {hidden > 0 && <p className={styles.empty}>{t('graph.more', { count: hidden })}</p>}
    </details>
  )
}

function groupsOf(items: readonly SceneItem[]): readonly (readonly SceneItem[])[] {
  const count = Math.ceil(items.length / rowsInGroup)
  return Array.from({ length: count }, (_, index) => items.slice(index * rowsInGroup, (index + 1) * rowsInGroup))
}

const Row = memo(function Row({ id }: { readonly id: string }) {
  const item = useItem(id)
  const isSelected = useIsSelected(id)
  if (!item) return null
  const { base, suffix } = item.type === 'pod' ? splitPodName(item.name) : { base: item.name, suffix: undefined }
  return (
    <div role="listitem">
      <button
        type="button"
        className={styles.row}
        aria-current={isSelected}
        title={`${item.name} · ${item.status}`}
        onClick={() => {
          reveal(id)
        }}
      >
        <ToneIcon tone={item.tone} size={11} />
        <span className={styles.name}>{base}</span>
        {suffix && <span className={styles.suffix}>{suffix}</span>}
        <span className={styles.fact}>{item.facts['ready'] ?? ''}</span>
        <span className="visually-hidden">{item.status}</span>
      </button>
    </div>
  )
})
