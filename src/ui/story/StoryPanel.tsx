import { StepForward } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoryAnswer } from '../../protocol/messages.ts'
import type { SceneItem } from '../../scene/model.ts'
import { clockText } from '../actions.ts'
import { followFrames } from '../inspector/follow-changes.ts'
import { notify } from '../notices.ts'
import { usePreferences } from '../preferences.ts'
import { useSelection } from '../selection.ts'
import { ask, reportError } from '../session/session.ts'
import { useItem } from '../store.ts'
import { Diagram } from './Diagram.tsx'
import styles from './Story.module.css'

/** What happened to the selected object, step by step. */
export default function StoryPanel() {
  const { t } = useTranslation()
  const selected = useSelection(state => state.selected)
  const item = useItem(selected)
  const isShown = usePreferences(state => state.dockOpen && state.dockTab === 'story')
  if (!item?.resource) return <p className={styles.empty}>{t('story.nothing')}</p>
  return <Story key={item.id} item={item} isShown={isShown} />
}

interface StoryProps {
  readonly item: SceneItem
  readonly isShown: boolean
}

function Story({ item, isShown }: StoryProps) {
  const { t } = useTranslation()
  const story = useStory(item, isShown)
  return (
    <div className={styles.panel}>
      <div className={styles.tools}>
        <b>{item.name}</b>
        <span>{item.kind}</span>
        <NextButton item={item} />
        {story?.begins !== undefined && <small>{t('story.forgotten', { time: clockText(story.begins) })}</small>}
      </div>
      {story?.steps.length === 0 && <p className={styles.empty}>{t('story.empty')}</p>}
      {story && story.steps.length > 0 && <Diagram steps={story.steps} />}
    </div>
  )
}

/** Lets time pass until the next thing happens to the object, and stops it there. */
function NextButton({ item: { resource, namespace, name } }: { readonly item: SceneItem }) {
  const { t } = useTranslation()
  const [isWaiting, setWaiting] = useState(false)
  const next = async () => {
    if (resource === undefined) return
    setWaiting(true)
    try {
      const { found } = await ask({ ask: 'next', resource, name, ...(namespace ? { namespace } : {}) })
      if (!found) notify('warning', t('story.none'))
    } catch (error) {
      reportError(error)
    } finally {
      setWaiting(false)
    }
  }
  return (
    <button type="button" className={styles.next} disabled={isWaiting} onClick={() => void next()}>
      <StepForward size={14} aria-hidden="true" />
      {t('story.next')}
    </button>
  )
}

function useStory({ resource, namespace, name }: SceneItem, isShown: boolean): StoryAnswer | undefined {
  const [story, setStory] = useState<StoryAnswer>()
  useEffect(() => {
    if (!isShown || resource === undefined) return
    return followFrames(async () => {
      try {
        setStory(await ask({ ask: 'story', resource, name, ...(namespace ? { namespace } : {}) }))
      } catch {
        // The object has gone: what was told of it stays.
      }
    })
  }, [isShown, resource, namespace, name])
  return story
}
