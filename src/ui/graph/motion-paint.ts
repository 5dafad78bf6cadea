import type { Motion } from '../../scene/model.ts'
import { along, type Point } from './routes.ts'

/** Colours of the canvas, read from the tokens once a theme. */
export interface Palette {
  readonly control: string
  readonly watch: string
  readonly request: string
  readonly response: string
  readonly bad: string
  readonly surface: string
  readonly ink: string
  readonly line: string
  readonly accent: string
  readonly font: string
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    control: token('--flow-control'),
    watch: token('--flow-watch'),
    request: token('--flow-request'),
    response: token('--flow-response'),
    bad: token('--bad'),
    surface: token('--surface'),
    ink: token('--ink'),
    line: token('--line-strong'),
    accent: token('--accent'),
    font: token('--font'),
  }
}

export interface Stroke {
  readonly motion: Motion
  readonly points: readonly Point[]
  readonly progress: number
  /** Goes on all the time: drawn in the background. */
  readonly isFaint: boolean
}

/** What is drawn with one colour and strength. */
interface Batch {
  readonly flow: Motion['flow']
  readonly colour: string
  readonly strength: number
  /** Along its way, from the head to the end of the trail. */
  readonly trails: (readonly Spot[])[]
}

type Spot = Point & { readonly angle: number }

const trailSteps = 9
const trailReach = 0.16
const faint = 0.4

/**
 * Draws all that moves: trails and shapes. In batches of one colour, because a hundred kubelets that hear of the same
 * thing would otherwise be a thousand strokes at every frame. Returns where each head is, in the order of the strokes.
 */
export function paintMotions(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  palette: Palette,
  zoom: number,
): readonly Point[] {
  const size = sizeAt(zoom)
  const batches = new Map<string, Batch>()
  const heads = strokes.map(stroke => {
    const { flow, tone } = stroke.motion
    const colour = tone === 'bad' ? palette.bad : palette[flow]
    const key = `${flow}/${colour}/${stroke.isFaint ? 'faint' : ''}`
    let batch = batches.get(key)
    if (!batch) batches.set(key, (batch = { flow, colour, strength: stroke.isFaint ? faint : 1, trails: [] }))
    const trail = trailOf(stroke)
    batch.trails.push(trail)
    return trail[0] ?? { x: 0, y: 0 }
  })
  for (const batch of batches.values()) paintTrails(context, batch, size)
  for (const batch of batches.values()) paintHeads(context, batch, size, palette)
  context.globalAlpha = 1
  return heads
}

/** The way of a message that somebody picked. */
export function paintWay(
  context: CanvasRenderingContext2D,
  points: readonly Point[],
  palette: Palette,
  zoom: number,
): void {
  context.globalAlpha = 1
  context.strokeStyle = palette.accent
  context.lineWidth = 1.6 / zoom
  context.beginPath()
  for (const [index, { x, y }] of points.entries()) {
    if (index === 0) context.moveTo(x, y)
    else context.lineTo(x, y)
  }
  context.stroke()
}

/** Half the size of a head at a zoom, in units of the graph. */
export function sizeAt(zoom: number): number {
  return Math.max(3.4, 4.6 * Math.min(1.3, zoom)) / zoom
}

/** The head and the points behind it. */
function trailOf({ points, progress }: Stroke): readonly Spot[] {
  const head = progress < 0.5 ? 2 * progress * progress : 1 - (2 - 2 * progress) ** 2 / 2
  const spots = [along(points, head)]
  for (let step = 1; step <= trailSteps; step++) {
    const share = head - (trailReach * step) / trailSteps
    if (share <= 0) break
    spots.push(along(points, share))
  }
  return spots
}

function paintTrails(context: CanvasRenderingContext2D, { colour, strength, trails }: Batch, size: number): void {
  context.strokeStyle = colour
  context.lineCap = 'round'
  context.lineWidth = size * 0.62
  for (let step = 1; step <= trailSteps; step++) {
    context.globalAlpha = strength * 0.5 * (1 - step / trailSteps)
    context.beginPath()
    for (const trail of trails) {
      const [from, to] = [trail[step - 1], trail[step]]
      if (!from || !to) continue
      context.moveTo(from.x, from.y)
      context.lineTo(to.x, to.y)
    }
    context.stroke()
  }
}

function paintHeads(context: CanvasRenderingContext2D, batch: Batch, size: number, palette: Palette): void {
  context.globalAlpha = batch.strength
  context.strokeStyle = batch.colour
  context.fillStyle = batch.flow === 'watch' ? palette.surface : batch.colour
  context.lineWidth = size * 0.42
  context.beginPath()
  for (const [head] of batch.trails) if (head) shapes[batch.flow](context, head, size)
  context.fill()
  if (batch.flow === 'watch') context.stroke()
}

type Shape = (context: CanvasRenderingContext2D, head: Spot, size: number) => void

/** A shape for each flow, pointing where it goes: they differ without colour. */
const shapes: Record<Motion['flow'], Shape> = {
  control: polygon([1.25, 0], [0, 1], [-1.25, 0], [0, -1]),
  watch: (context, { x, y }, size) => {
    context.moveTo(x + size * 0.9, y)
    context.arc(x, y, size * 0.9, 0, Math.PI * 2)
  },
  request: polygon([1.5, 0], [-1, 1.05], [-0.5, 0], [-1, -1.05]),
  response: polygon([-0.95, -0.95], [0.95, -0.95], [0.95, 0.95], [-0.95, 0.95]),
}

function polygon(...corners: readonly (readonly [number, number])[]): Shape {
  return (context, { x, y, angle }, size) => {
    const [cos, sin] = [Math.cos(angle) * size, Math.sin(angle) * size]
    for (const [index, [a, b]] of corners.entries()) {
      const corner = [x + a * cos - b * sin, y + a * sin + b * cos] as const
      if (index === 0) context.moveTo(...corner)
      else context.lineTo(...corner)
    }
    context.closePath()
  }
}

/** A small label beside a point. */
export function paintLabel(
  context: CanvasRenderingContext2D,
  at: Point,
  text: string,
  palette: Palette,
  zoom: number,
): void {
  const size = 10.5 / zoom
  context.font = `500 ${size}px ${palette.font}`
  const width = context.measureText(text).width + size
  const x = at.x - width / 2
  const y = at.y - size * 2.5
  context.globalAlpha = 0.96
  context.fillStyle = palette.surface
  context.strokeStyle = palette.line
  context.lineWidth = 1 / zoom
  context.beginPath()
  context.roundRect(x, y, width, size * 1.6, size * 0.45)
  context.fill()
  context.stroke()
  context.globalAlpha = 1
  context.fillStyle = palette.ink
  context.textBaseline = 'middle'
  context.fillText(text, x + size / 2, y + size * 0.84)
}
