import type { MouseEvent } from 'react'
import { select, selectMessage } from '../selection.ts'
import type { Flow } from './camera.ts'
import { useCursor } from './cursor.ts'
import { type Head, headAt } from './heads.ts'
import { useLayout } from './layout-store.ts'

/** How near to a message one must point, in pixels: over a card less, since most people mean the card. */
const reach = { openGround: 14, card: 7 }

/** The item that an element of the page shows. */
export function itemAt(target: EventTarget): string | undefined {
  if (!(target instanceof Element)) return undefined
  return target.closest('[data-item]')?.getAttribute('data-item') ?? undefined
}

/** The Pod under the pointer where Pods are dots on a canvas. */
export function dotAt(event: MouseEvent, flow: Flow | undefined): string | undefined {
  const { layout } = useLayout.getState()
  if (layout.detail !== 'dots' || !flow) return undefined
  const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
  for (const [id, place] of layout.places) {
    if (place.form !== 'cell') continue
    if (x >= place.x - 1 && x <= place.x + place.width + 2 && y >= place.y - 1 && y <= place.y + place.height + 2)
      return id
  }
  return undefined
}

/** The message under the pointer, which is on its way and no element of the page. */
export function messageAt(event: MouseEvent, flow: Flow | undefined): Head | undefined {
  if (!flow || !(event.target instanceof Element) || !event.target.closest('.react-flow__renderer')) return undefined
  const item = itemAt(event.target)
  const pixels = item === undefined || item.startsWith('machine/') ? reach.openGround : reach.card
  const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false })
  return headAt(point, pixels / flow.getZoom())
}

/** Selects what was pressed: a message, a thing, or nothing. */
export function pick(event: MouseEvent, flow: Flow | undefined): void {
  const message = messageAt(event, flow)
  if (message) {
    selectMessage(message.motion)
    return
  }
  const id = dotAt(event, flow) ?? itemAt(event.target)
  if (id !== undefined) {
    select(id)
    useCursor.setState({ cursor: id })
  } else if (event.target instanceof Element && event.target.closest('.react-flow__pane')) {
    select(undefined)
  }
}
