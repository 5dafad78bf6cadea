import type { Relation } from '../../scene/model.ts'
import type { Box, Layout, Place } from './layout.ts'

/**
 * Ways between things, as a city map draws its lines: along gutters, never across a card. Wires of relations and the
 * requests that travel on them share these ways.
 */
export interface Point {
  readonly x: number
  readonly y: number
}

/** The drawn place of a thing: its own, or that of its stand-in. */
export function placeOf(layout: Layout, id: string): Place | undefined {
  const own = layout.places.get(id)
  if (own) return own
  const standIn = layout.standIns.get(id)
  return standIn === undefined ? undefined : layout.places.get(standIn)
}

export function centre(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

const inLane = new Set(['workload', 'ingress', 'service', 'place'])
const onMachine = new Set(['pod', 'cell', 'chip', 'machine'])

/** Where messages leave and arrive: a machine's are at its sign, since its middle is full of Pods. */
function doorOf(place: Place): Point {
  return place.form === 'machine' ? { x: place.x + 25, y: place.y + 22 } : centre(place)
}

function contains(outer: Box, inner: Box): boolean {
  const isAcross = inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width
  return isAcross && inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height
}

/** From a machine's sign down the gutter to something inside it, as probes go. */
function inward(machine: Place, inner: Place): readonly Point[] {
  const door = doorOf(machine)
  const enter = { x: inner.x, y: inner.y + inner.height / 2 }
  return [door, { x: inner.x - 4, y: door.y }, { x: inner.x - 4, y: enter.y }, enter]
}

/** The way of a wire from one thing to another, or none where a line would say nothing. */
export function route(layout: Layout, from: string, to: string): readonly Point[] | undefined {
  const start = placeOf(layout, from)
  const end = placeOf(layout, to)
  if (!start || !end || start === end) return undefined
  if (start.form === 'machine' && contains(start, end)) return inward(start, end)
  if (end.form === 'machine' && contains(end, start)) return inward(end, start).toReversed()
  const startsBelow = onMachine.has(start.form) && start.y > layout.busY
  const endsBelow = onMachine.has(end.form) && end.y > layout.busY
  if (inLane.has(start.form) && endsBelow) return downTo(layout, start, end)
  if (startsBelow && inLane.has(end.form)) return downTo(layout, end, start)?.toReversed()
  if (inLane.has(start.form) && inLane.has(end.form)) return sideways(start, end)
  if (startsBelow && endsBelow) return overBus(layout, start, end)
  return arc(start, end)
}

/** From a lane down to the bus above the machines, along it, and down the gutter at the left of the target. */
function downTo(layout: Layout, start: Place, end: Place): readonly Point[] {
  const track = layout.busY + trackOf(start)
  const leave = leaveDown(start, track)
  const gutter = end.x - 4
  if (end.form === 'machine') {
    const x = end.x + 14
    return [...leave, { x, y: track }, { x, y: end.y }]
  }
  const enter = { x: end.x, y: end.y + end.height / 2 }
  return [...leave, { x: gutter, y: track }, { x: gutter, y: enter.y }, enter]
}

/** Out of a card: straight down from the lowest row, else through the gutter at its left, past the cards below. */
function leaveDown(start: Place, track: number): readonly Point[] {
  const isLowest = track - (start.y + start.height) < 40
  const { x, y } = centre(start)
  if (isLowest) {
    return [
      { x, y: start.y + start.height },
      { x, y: track },
    ]
  }
  const gutter = start.x - 6
  return [
    { x: start.x, y },
    { x: gutter, y },
    { x: gutter, y: track },
  ]
}

/** Each column of the lane has its own track of the bus, so that lines of two services can be told apart. */
function trackOf(start: Place): number {
  return ((Math.round(start.x / 40) % 5) - 2) * 4
}

/** Between two cards of the lanes: straight to a neighbour, else over the tops. */
function sideways(start: Place, end: Place): readonly Point[] {
  const isRightOf = end.x >= start.x + start.width
  const y = start.y + start.height / 2
  if (isRightOf && Math.abs(end.y - start.y) < 1 && end.x - (start.x + start.width) < 60) {
    return [
      { x: start.x + start.width, y },
      { x: end.x, y },
    ]
  }
  const top = Math.min(start.y, end.y) - 10
  const from = overTop(start, top)
  const to = overTop(end, top)
  return [...from, ...to.toReversed()]
}

/** Out of a card over its top, or through the gutter at its left where another card lies above. */
function overTop(place: Place, top: number): readonly Point[] {
  if (place.y - top < 12) {
    const { x } = centre(place)
    return [
      { x, y: place.y },
      { x, y: top },
    ]
  }
  const gutter = place.x - 6
  const y = place.y + place.height / 2
  return [
    { x: place.x, y },
    { x: gutter, y },
    { x: gutter, y: top },
  ]
}

function overBus(layout: Layout, start: Place, end: Place): readonly Point[] {
  const from = { x: start.x, y: start.y + start.height / 2 }
  const to = { x: end.x, y: end.y + end.height / 2 }
  const track = layout.busY
  return [
    from,
    { x: start.x - 4, y: from.y },
    { x: start.x - 4, y: track },
    { x: end.x - 4, y: track },
    { x: end.x - 4, y: to.y },
    to,
  ]
}

/** An SVG path through the points with rounded corners. */
export function roundedPath(points: readonly Point[], radius = 7): string {
  const first = points[0]
  if (!first) return ''
  let path = `M${round(first.x)} ${round(first.y)}`
  for (let index = 1; index < points.length; index++) {
    const before = points[index - 1] ?? first
    const at = points[index] ?? first
    const after = points[index + 1]
    if (!after) {
      path += `L${round(at.x)} ${round(at.y)}`
      continue
    }
    const reach = Math.min(radius, distance(before, at) / 2, distance(at, after) / 2)
    const enter = towards(at, before, reach)
    const leave = towards(at, after, reach)
    path += `L${round(enter.x)} ${round(enter.y)}Q${round(at.x)} ${round(at.y)} ${round(leave.x)} ${round(leave.y)}`
  }
  return path
}

const measured = new WeakMap<readonly Point[], readonly number[]>()

/** How far it is to each point of a way, measured once: what moves on it asks ten times a frame. */
function reachesOf(points: readonly Point[]): readonly number[] {
  let reaches = measured.get(points)
  if (reaches) return reaches
  let far = 0
  reaches = points.map((point, index) => (far += index === 0 ? 0 : distance(points[index - 1] ?? point, point)))
  measured.set(points, reaches)
  return reaches
}

/** The point at a share of the way's length, and the direction there. */
export function along(points: readonly Point[], share: number): Point & { readonly angle: number } {
  const reaches = reachesOf(points)
  const wanted = (reaches.at(-1) ?? 0) * Math.min(1, Math.max(0, share))
  for (let index = 1; index < points.length; index++) {
    const [near = 0, far = 0] = [reaches[index - 1], reaches[index]]
    const from = points[index - 1]
    const to = points[index]
    if (!from || !to || (far < wanted && index < points.length - 1)) continue
    const part = far === near ? 0 : (wanted - near) / (far - near)
    const angle = Math.atan2(to.y - from.y, to.x - from.x)
    return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part, angle }
  }
  const only = points[0] ?? { x: 0, y: 0 }
  return { ...only, angle: 0 }
}

/** A gentle arc between two things, for messages that take no wire: sixteen points, bent to one side by its length. */
export function arc(start: Place, end: Place): readonly Point[] {
  const from = doorOf(start)
  const to = doorOf(end)
  const length = distance(from, to)
  if (length === 0) return [from]
  const bend = Math.min(60, length * 0.16)
  const middle = {
    x: (from.x + to.x) / 2 - ((to.y - from.y) / length) * bend,
    y: (from.y + to.y) / 2 + ((to.x - from.x) / length) * bend,
  }
  return Array.from({ length: 17 }, (_, index) => {
    const t = index / 16
    const a = (1 - t) * (1 - t)
    const b = 2 * (1 - t) * t
    const c = t * t
    return { x: a * from.x + b * middle.x + c * to.x, y: a * from.y + b * middle.y + c * to.y }
  })
}

export interface Wire {
  readonly id: string
  readonly type: Relation['type']
  readonly from: string
  readonly to: string
  readonly live: boolean
  readonly path: string
  /** Relations drawn by this one line. */
  readonly count: number
}

/** The lines to draw for relations. When Pods are small, one line leads to their machine instead of one to each. */
export function wiresOf(
  layout: Layout,
  relations: Iterable<Relation>,
  parentOf: (id: string) => string | undefined,
): readonly Wire[] {
  const wires = new Map<string, Wire>()
  for (const relation of relations) {
    if (relation.type === 'runs') continue // Drawn by being inside.
    const isSmall = layout.detail !== 'cards' && layout.places.get(relation.to)?.form === 'cell'
    const to = isSmall ? (parentOf(relation.to) ?? relation.to) : relation.to
    const from = layout.standIns.get(relation.from) ?? relation.from
    const id = `${relation.type}:${from}:${to}`
    const known = wires.get(id)
    if (known) {
      wires.set(id, { ...known, count: known.count + 1, live: known.live || relation.live === true })
      continue
    }
    const points = route(layout, from, to)
    if (!points) continue
    const live = relation.live ?? true
    wires.set(id, { id, type: relation.type, from, to, live, path: roundedPath(points), count: 1 })
  }
  return [...wires.values()]
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function towards(from: Point, to: Point, reach: number): Point {
  const length = distance(from, to)
  if (length === 0) return from
  return { x: from.x + ((to.x - from.x) / length) * reach, y: from.y + ((to.y - from.y) / length) * reach }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
