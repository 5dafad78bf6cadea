import { FileCode, ListTree, Logs, ScanSearch, Send, SquareTerminal, Waypoints, X } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { EditorPanel } from '../editor/EditorPanel.tsx'
import { Explorer } from '../explorer/Explorer.tsx'
import { Graph } from '../graph/Graph.tsx'
import { type DockTab, prefer, type SideTab, usePreferences } from '../preferences.ts'
import { TerminalPanel } from '../terminal/TerminalPanel.tsx'
import { Timeline } from '../timeline/Timeline.tsx'
import { useDialog } from './dialogs.ts'
import { Hint } from './Hint.tsx'
import { IconButton } from './IconButton.tsx'
import { Notices } from './Notices.tsx'
import styles from './Shell.module.css'
import { useShortcuts } from './shortcuts.ts'
import { Splitter } from './Splitter.tsx'
import { Tabs } from './Tabs.tsx'
import { TopBar } from './TopBar.tsx'

// What nobody sees before he asks for it is no part of the first load.
const EventsPanel = lazy(() => import('../dock/EventsPanel.tsx'))
const RequestsPanel = lazy(() => import('../dock/RequestsPanel.tsx'))
const TracePanel = lazy(() => import('../dock/TracePanel.tsx'))
const StoryPanel = lazy(() => import('../story/StoryPanel.tsx'))
const Inspector = lazy(() => import('../inspector/Inspector.tsx'))
const HelpDialog = lazy(() => import('./HelpDialog.tsx').then(file => ({ default: file.HelpDialog })))
const ShareDialog = lazy(() => import('./ShareDialog.tsx').then(file => ({ default: file.ShareDialog })))

/** The page: bar, explorer, graph, side panel, timeline and dock, each of a size that is remembered. */
export function Shell() {
  const { t } = useTranslation()
  const { explorerOpen, sideOpen, explorerWidth, sideWidth } = usePreferences()
  useShortcuts()
  return (
    <div className={styles.page}>
      <TopBar />
      <div className={styles.middle}>
        {explorerOpen && (
          <>
            <aside className={styles.explorer} style={{ width: explorerWidth }} aria-label={t('explorer.title')}>
              <Explorer />
            </aside>
            <Splitter
              label={t('bar.explorer')}
              orientation="vertical"
              size={explorerWidth}
              min={160}
              max={420}
              sign={1}
              onSize={explorerWidth => {
                prefer({ explorerWidth })
              }}
            />
          </>
        )}
        <main className={styles.centre}>
          <div className={styles.graph}>
            <Graph />
            <Notices />
            <Hint />
          </div>
          <Timeline />
          <Dock />
        </main>
        {sideOpen && (
          <Splitter
            label={t('bar.side')}
            orientation="vertical"
            size={sideWidth}
            min={260}
            max={900}
            sign={-1}
            onSize={sideWidth => {
              prefer({ sideWidth })
            }}
          />
        )}
        <SidePanel width={sideWidth} isOpen={sideOpen} />
      </div>
      <Dialogs />
    </div>
  )
}

function Dialogs() {
  const open = useDialog(state => state.open)
  return (
    <Suspense fallback={null}>
      {open === 'help' && <HelpDialog />}
      {open === 'share' && <ShareDialog />}
    </Suspense>
  )
}

/** Hidden, not unmounted, when closed: the editor keeps its documents, undo history and place. */
function SidePanel({ width, isOpen }: { readonly width: number; readonly isOpen: boolean }) {
  const { t } = useTranslation()
  const tab = usePreferences(state => state.sideTab)
  const close = () => {
    prefer({ sideOpen: false })
  }
  return (
    <aside className={styles.side} style={{ width }} hidden={!isOpen} aria-label={t('bar.side')}>
      <Tabs
        label={t('bar.side')}
        value={tab}
        onChange={id => {
          prefer({ sideTab: id === 'inspector' ? id : ('editor' satisfies SideTab) })
        }}
        tabs={[
          { id: 'editor', label: t('side.editor'), icon: FileCode, content: <EditorPanel /> },
          { id: 'inspector', label: t('side.inspector'), icon: ScanSearch, content: <Inspector /> },
        ]}
        end={<IconButton label={t('side.close')} icon={X} onClick={close} />}
      />
    </aside>
  )
}

const dockTabs: readonly DockTab[] = ['terminal', 'events', 'story', 'trace', 'requests']

function Dock() {
  const { t } = useTranslation()
  const { dockOpen, dockHeight, dockTab } = usePreferences()
  const close = () => {
    prefer({ dockOpen: false })
  }
  return (
    <>
      {dockOpen && (
        <Splitter
          label={t('bar.dock')}
          orientation="horizontal"
          size={dockHeight}
          min={110}
          max={Math.max(200, window.innerHeight - 260)}
          sign={-1}
          onSize={dockHeight => {
            prefer({ dockHeight })
          }}
        />
      )}
      <section className={styles.dock} style={{ height: dockHeight }} hidden={!dockOpen} aria-label={t('bar.dock')}>
        <Tabs
          label={t('bar.dock')}
          value={dockTab}
          onChange={id => {
            const next = dockTabs.find(tab => tab === id)
            if (next) prefer({ dockTab: next })
          }}
          tabs={[
            { id: 'terminal', label: t('dock.terminal'), icon: SquareTerminal, content: <TerminalPanel /> },
            { id: 'events', label: t('dock.events'), icon: Logs, content: <EventsPanel /> },
            { id: 'story', label: t('dock.story'), icon: Waypoints, content: <StoryPanel /> },
            { id: 'trace', label: t('dock.trace'), icon: ListTree, content: <TracePanel /> },
            { id: 'requests', label: t('dock.requests'), icon: Send, content: <RequestsPanel /> },
          ]}
          end={<IconButton label={t('dock.close')} icon={X} onClick={close} />}
        />
      </section>
    </>
  )
}
