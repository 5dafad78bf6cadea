import type { ReactFlowInstance } from '@xyflow/react'
import { useCallback, useEffect, useRef } from 'react'
import { useSelection } from '../selection.ts'
import { type GraphNode, useLayout } from './layout-store.ts'
import { centre, placeOf } from './routes.ts'

export type Flow = ReactFlowInstance<GraphNode>

const zoomMax = 1.15
const glideMs = 260

interface Camera {
  readonly fit: () => void
  readonly onMove: (event: globalThis.MouseEvent | TouchEvent | null) => void
  readonly onMoveEnd: () => void
}

/** Room that is left around the cluster: the lower edge carries buttons. */
const margins = { x: 26, top: 24, bottom: 50 }

function lookAtAll(flow: Flow | undefined, room: HTMLElement | null, duration: number): void {
  if (!flow || !room || room.clientWidth === 0) return
  const { layout } = useLayout.getState()
  const across = room.clientWidth - 2 * margins.x
  const down = room.clientHeight - margins.top - margins.bottom
  const zoom = Math.min(across / layout.width, down / layout.height, zoomMax)
  const x = margins.x + (across - layout.width * zoom) / 2
  const y = margins.top + Math.max(0, (down - layout.height * zoom) / 2)
  void flow.setViewport({ x, y, zoom }, { duration })
}

/**
 * Where the picture is looked at from. Until a person pans or zooms, the whole cluster is kept in view, whatever grows
 * or is resized; afterwards the camera is theirs, and only "fit" and a revealed item move it.
 */
export function useCamera(flow: Flow | undefined, room: HTMLElement | null): Camera {
  const isTheirs = useRef(false)
  const width = useLayout(state => state.layout.width)
  const height = useLayout(state => state.layout.height)
  const isEmpty = useLayout(state => state.layout.places.size === 0)
  const focus = useSelection(state => state.focus)

  useEffect(() => {
    if (!isEmpty && !isTheirs.current) lookAtAll(flow, room, glideMs)
  }, [flow, room, width, height, isEmpty])

  useEffect(() => {
    if (!room) return
    const observer = new ResizeObserver(() => {
      if (!isTheirs.current) lookAtAll(flow, room, 0)
    })
    observer.observe(room)
    return () => {
      observer.disconnect()
    }
  }, [flow, room])

  useEffect(() => {
    const place = focus && placeOf(useLayout.getState().layout, focus.id)
    if (!flow || !place) return
    const { x, y } = centre(place)
    void flow.setCenter(x, y, { zoom: Math.max(0.8, flow.getZoom()), duration: glideMs })
    isTheirs.current = true
  }, [flow, focus])

  const fit = useCallback(() => {
    isTheirs.current = false
    lookAtAll(flow, room, glideMs)
  }, [flow, room])

  useEffect(() => {
    window.addEventListener('podscape-fit', fit)
    return () => {
      window.removeEventListener('podscape-fit', fit)
    }
  }, [fit])

  // Not when a button goes down: that is any click, and what is pressed must stay under the pointer.
  const onMove = useCallback(
    (event: unknown) => {
      if (event !== null) isTheirs.current = true // A move without an event is our own.
      if (room && !room.hasAttribute('data-moving')) room.setAttribute('data-moving', '')
    },
    [room],
  )
  const onMoveEnd = useCallback(() => {
    room?.removeAttribute('data-moving')
  }, [room])
  return { fit, onMove, onMoveEnd }
}
