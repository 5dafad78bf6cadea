import '@xyflow/react/dist/base.css'
import { MiniMap, type NodeTypes, ReactFlow, useStore } from '@xyflow/react'
import { Map as MapIcon, Maximize, Minus, Plus } from 'lucide-react'
import { ContextMenu } from 'radix-ui'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { prefer, usePreferences } from '../preferences.ts'
import { hover, select } from '../selection.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { type Flow, useCamera } from './camera.ts'
import { isDirection, nextIn, useCursor } from './cursor.ts'
import { DotLayer } from './DotLayer.tsx'
import { DropZone } from './DropZone.tsx'
import { followSelection } from './emphasis.ts'
import styles from './Graph.module.css'
import { ItemMenu } from './ItemMenu.tsx'
import { LaneLayer } from './LaneLayer.tsx'
import { followScene, useLayout } from './layout-store.ts'
import { Legend } from './Legend.tsx'
import { MotionLayer } from './MotionLayer.tsx'
import { ComponentNode } from './nodes/ComponentNode.tsx'
import { IngressNode, PlaceNode, ServiceNode, VolumeNode, WorkloadNode } from './nodes/LaneCard.tsx'
import { MachineNode } from './nodes/MachineNode.tsx'
import { ChipNode, PodNode, WaitingNode } from './nodes/PodNode.tsx'
import { dotAt, itemAt, messageAt, pick } from './picking.ts'
import { StandingMessages } from './StandingMessages.tsx'
import { WireLayer } from './WireLayer.tsx'

/** A constant of the module: a new object at every render is xyflow's error002. */
const nodeTypes: NodeTypes = {
  machine: MachineNode,
  component: ComponentNode,
  chip: ChipNode,
  pod: PodNode,
  waiting: WaitingNode,
  workload: WorkloadNode,
  service: ServiceNode,
  ingress: IngressNode,
  volume: VolumeNode,
  place: PlaceNode,
}

const noEdges: never[] = []

/** Places are ours, and so are focus and selection: React Flow pans, zooms and shows. */
const fixed = {
  nodesDraggable: false,
  nodesConnectable: false,
  nodesFocusable: false,
  elementsSelectable: false,
  disableKeyboardA11y: true,
  zoomOnDoubleClick: false,
  minZoom: 0.05,
  maxZoom: 2.5,
  deleteKeyCode: null,
  panActivationKeyCode: null, // It would take Space, which stops and starts time.
  selectionKeyCode: null,
  multiSelectionKeyCode: null,
  proOptions: { hideAttribution: true },
} as const

/** The cluster as a picture that lives: React Flow for structure, our own layers for ground, wires, dots and motion. */
export function Graph() {
  const { t } = useTranslation()
  const nodes = useLayout(state => state.nodes)
  const detail = useLayout(state => state.layout.detail)
  const minimap = usePreferences(state => state.minimap)
  const [flow, setFlow] = useState<Flow>()
  const [target, setTarget] = useState<string>()
  const [room, setRoom] = useState<HTMLElement | null>(null)
  const camera = useCamera(flow, room)
  useEffect(() => {
    const stops = [followScene(), followSelection()]
    return () => {
      for (const stop of stops) stop()
    }
  }, [])

  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger asChild>
        <section
          ref={setRoom}
          className={styles.graph}
          aria-label={t('graph.title')}
          onContextMenuCapture={event => {
            setTarget(itemAt(event.target) ?? dotAt(event, flow))
          }}
          onClick={event => {
            pick(event, flow)
          }}
          onKeyDown={onKey}
          onMouseOver={event => {
            hover(itemAt(event.target))
          }}
          onMouseMove={event => {
            if (event.buttons === 0) room?.toggleAttribute('data-over-message', messageAt(event, flow) !== undefined)
          }}
        >
          <DropZone>
            <ReactFlow
              nodes={nodes}
              edges={noEdges}
              nodeTypes={nodeTypes}
              onInit={setFlow}
              onMove={camera.onMove}
              onMoveEnd={camera.onMoveEnd}
              onlyRenderVisibleElements={nodes.length > 400}
              {...fixed}
            >
              <LaneLayer />
              <WireLayer />
              {detail === 'dots' && <DotLayer />}
              <MotionLayer />
              <StandingMessages />
              <Distance room={room} />
              {minimap && <Overview />}
            </ReactFlow>
            <Controls flow={flow} onFit={camera.fit} />
            <Legend />
            <Booting />
          </DropZone>
        </section>
      </ContextMenu.Trigger>
      <ItemMenu id={target} />
    </ContextMenu.Root>
  )
}

/** Arrow keys walk from thing to thing, Enter and Space select; the menu key is the browser's. */
function onKey(event: KeyboardEvent): void {
  const id = itemAt(event.target)
  if (id === undefined) return
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault()
    event.stopPropagation()
    select(id)
  } else if (isDirection(event.key)) {
    event.preventDefault()
    const next = nextIn(useLayout.getState().layout, id, event.key)
    if (next === undefined) return
    useCursor.setState({ cursor: next })
    document.querySelector<HTMLElement>(`[data-item="${CSS.escape(next)}"]`)?.focus()
  }
}

/** Tells CSS how far away we are, so that small print goes when it cannot be read. */
function Distance({ room }: { readonly room: HTMLElement | null }) {
  const distance = useStore(state => (state.transform[2] < 0.3 ? 'far' : state.transform[2] < 0.55 ? 'middle' : 'near'))
  useEffect(() => {
    room?.setAttribute('data-distance', distance)
  }, [room, distance])
  return null
}

/** The map helps only while not everything is in view. */
function Overview() {
  const { t } = useTranslation()
  const isCut = useStore(({ transform: [x, y, zoom], width, height }) => {
    const { layout } = useLayout.getState()
    return x < -8 || y < -8 || x + layout.width * zoom > width + 8 || y + layout.height * zoom > height + 8
  })
  if (!isCut) return null
  return (
    <MiniMap
      className={styles.minimap}
      pannable
      zoomable
      ariaLabel={t('graph.minimap')}
      nodeBorderRadius={6}
      nodeStrokeWidth={0}
      nodeColor={node => (node.type === 'machine' ? 'var(--sunken)' : 'var(--wire)')}
      maskColor="color-mix(in srgb, var(--canvas) 62%, transparent)"
      bgColor="var(--surface)"
    />
  )
}

interface ControlsProps {
  readonly flow: Flow | undefined
  readonly onFit: () => void
}

function Controls({ flow, onFit }: ControlsProps) {
  const { t } = useTranslation()
  const minimap = usePreferences(state => state.minimap)
  const zoom = (by: 'zoomIn' | 'zoomOut') => () => {
    void flow?.[by]({ duration: 160 })
  }
  return (
    <div className={styles.controls} role="group" aria-label={t('graph.title')}>
      <IconButton label={t('graph.zoomIn')} icon={Plus} onClick={zoom('zoomIn')} />
      <IconButton label={t('graph.zoomOut')} icon={Minus} onClick={zoom('zoomOut')} />
      <IconButton label={t('graph.fit')} keys="F" icon={Maximize} onClick={onFit} />
      <IconButton
        label={t('graph.minimap')}
        icon={MapIcon}
        pressed={minimap}
        onClick={() => {
          prefer({ minimap: !minimap })
        }}
      />
    </div>
  )
}

/** Until there is anything to draw. */
function Booting() {
  const { t } = useTranslation()
  const isEmpty = useLayout(state => state.layout.places.size === 0)
  if (!isEmpty) return null
  return (
    <div className={styles.booting} role="status">
      <i aria-hidden="true" />
      <h2>{t('graph.booting')}</h2>
      <p>{t('graph.bootingHint')}</p>
    </div>
  )
}
