import type { Relation, SceneItem } from '../../scene/model.ts'
import { cardComponents, type Members, sortMembers } from './members.ts'
import { assignSlots, type Cell, cellsOf, columnsFor, extent, type Growth, type Slots } from './slots.ts'

/**
 * Where everything is drawn: rows from top to bottom are the control plane, workloads, traffic (outside → ingress →
 * services), machines with their Pods, storage. A pure function of the scene and of the last layout's memory, so an
 * object keeps its place for life; sizes only ever grow until the scene is replaced. 0.3 ms for 1,000 machines, where
 * dagre and elk take more than a second (DESIGN.md).
 */
export interface Layout {
  readonly places: ReadonlyMap<string, Place>
  readonly lanes: readonly Lane[]
  readonly standIns: ReadonlyMap<string, string>
  readonly detail: Detail
  readonly width: number
  readonly height: number
  /** Height above the machines in which wires run sideways. */
  readonly busY: number
  readonly memory: Memory
}

/** Cards are React Flow nodes, cells are drawn inside their machine, dots on one canvas. */
export type Detail = 'cards' | 'cells' | 'dots'

export type Form =
  | 'machine'
  | 'component'
  | 'chip'
  | 'pod'
  | 'cell'
  | 'waiting'
  | 'workload'
  | 'service'
  | 'ingress'
  | 'volume'
  | 'place'

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Place extends Box {
  readonly form: Form
}

export interface Lane extends Box {
  readonly id: 'workloads' | 'traffic' | 'queue' | 'storage'
  readonly empty: boolean
  /** Things that found no room, for the queue. */
  readonly hidden: number
}

/** What a layout remembers for the next one. */
export interface Memory {
  readonly slots: Slots
  readonly detail: Detail
  readonly podColumns: number
  readonly laneRows: Readonly<Record<string, number>>
  readonly chipRows: number
}

const sideColumn = 116
const sideGap = 28
const rowGap = 22
const busGap = 38
const machineGap = 18
const padding = 12
const headHeight = 46
const card = { width: 138, height: 44, gap: 8 }
const cell = { size: 12, gap: 3 }
const chip = { height: 22, gap: 6, width: 88 }
const laneCard = { height: 52, gap: 12, width: 178 }
const component = { height: 48, gap: 8, minWidth: 128 }
const queue = { width: 160 }
const minWidth = 952

/** Above so many Pods they are cells, above so many dots; measured in DESIGN.md. Back down only well below. */
const cardsMax = 300
const cellsMax = 2_000
const wayBack = 0.8
/** With more machines than this in view, nobody could read a card. */
const machinesWithCards = 12

/** Lays a scene out. Give it the memory of the last layout, or none when the scene was replaced. */
export function layOut(items: Iterable<SceneItem>, relations: Iterable<Relation>, before?: Memory): Layout {
  const members = sortMembers(items, relations)
  const slots = slotsOf(members, before?.slots)
  const detail = detailFor(members.podCount, members.workers.length, before?.detail)
  const growth = detail === 'cards' ? cardGrowth(members.workers.length) : cellGrowth
  const inMachines = members.workers.map(machine => extent(slots.get(`pods/${machine.id}`) ?? new Map()))
  const remembered = before?.detail === detail ? before.podColumns : 0
  const podColumns = Math.max(remembered, columnsFor(growth, Math.max(1, ...inMachines)))
  const size = machineSize(detail, growth, podColumns, chipRowsFor(members, before))

  const perRow = machinesPerRow(members.workers.length)
  const machinesWidth = perRow * (size.width + machineGap) - machineGap
  const width = Math.max(minWidth, machinesWidth, mastersMinWidth(members.masters.length))
  const frame: Frame = { members, slots, width, places: new Map(), lanes: [], before }

  const top = placeControlPlane(frame)
  const workloads = placeLane(frame, 'workloads', top + rowGap, [
    { region: 'workloads', form: 'workload', from: 0, to: 1, items: members.workloads },
  ])
  const traffic = placeLane(frame, 'traffic', workloads.bottom + rowGap, [
    { region: 'ingresses', form: 'ingress', from: 0, to: 0.25, items: members.ingresses },
    { region: 'services', form: 'service', from: 0.25, to: 1, items: members.services },
  ])
  placeOutside(frame, traffic.top)
  const bottom = placeMachines(frame, traffic.bottom + busGap, { ...size, perRow, growth, detail })
  const end = members.volumes.length === 0 ? bottom : placeStorage(frame, bottom + rowGap)

  return {
    places: frame.places,
    lanes: frame.lanes,
    standIns: members.standIns,
    detail,
    width,
    height: end,
    busY: traffic.bottom + busGap / 2,
    memory: {
      slots,
      detail,
      podColumns,
      chipRows: size.chipRows,
      laneRows: Object.fromEntries(frame.lanes.map(lane => [lane.id, rowsIn(lane)])),
    },
  }
}

interface Frame {
  readonly members: Members
  readonly slots: Slots
  readonly width: number
  readonly places: Map<string, Place>
  readonly lanes: Lane[]
  readonly before: Memory | undefined
}

function slotsOf(members: Members, before: Slots | undefined): Slots {
  const slots = new Map<string, ReadonlyMap<string, number>>()
  const assign = (region: string, items: readonly SceneItem[]) => {
    const ids = items.map(item => item.id)
    slots.set(region, assignSlots(before?.get(region), ids))
  }
  assign('workers', members.workers)
  assign('masters', members.masters)
  assign('workloads', members.workloads)
  assign('ingresses', members.ingresses)
  assign('services', members.services)
  assign('volumes', members.volumes)
  assign('queue', members.queue)
  for (const [machine, pods] of members.pods) assign(`pods/${machine}`, pods)
  for (const [machine, chips] of members.chips) assign(`chips/${machine}`, chips)
  return slots
}

/** How much of a Pod can be shown when there are so many of them on so many machines. */
export function detailFor(podCount: number, machines: number, before: Detail | undefined): Detail {
  const cards = before === undefined || before === 'cards' ? cardsMax : cardsMax * wayBack
  const cells = before === 'dots' ? cellsMax * wayBack : cellsMax
  if (podCount <= cards && machines <= machinesWithCards) return 'cards'
  return podCount <= cells ? 'cells' : 'dots'
}

/** Few machines have room for several columns of cards; many are narrow at first. */
function cardGrowth(machines: number): Growth {
  const startColumns = machines <= 1 ? 6 : machines === 2 ? 3 : machines === 3 ? 2 : 1
  const startRows = machines <= 3 ? 4 : 3
  return { startColumns, rowsAt: columns => startRows + 3 * (columns - startColumns) }
}

const cellGrowth: Growth = { startColumns: 7, rowsAt: columns => Math.ceil(columns * 0.6) }

/** As many as make the whole about as wide as a screen is, with the lanes above; never by how full the machines are. */
function machinesPerRow(machines: number): number {
  return machines <= 4 ? Math.max(1, machines) : Math.ceil(2 + Math.sqrt(1.3 * machines + 4))
}

function mastersMinWidth(masters: number): number {
  const each = masters <= 1 ? 0 : 2 * component.minWidth + component.gap + 2 * padding
  return sideColumn + sideGap + masters * (each + machineGap) - machineGap + sideGap + queue.width
}

interface MachineSize {
  readonly width: number
  readonly height: number
  readonly podColumns: number
  readonly chipsPerRow: number
  readonly chipRows: number
  readonly headHeight: number
}

function machineSize(detail: Detail, growth: Growth, podColumns: number, chipRows: number): MachineSize {
  const rows = growth.rowsAt(podColumns)
  if (detail === 'cards') {
    const inner = podColumns * (card.width + card.gap) - card.gap
    const chipsPerRow = Math.max(2, Math.floor((inner + chip.gap) / (chip.width + chip.gap)))
    const height =
      headHeight + rows * (card.height + card.gap) + 4 + chipRows * (chip.height + chip.gap) - chip.gap + padding
    return { width: inner + 2 * padding, height, podColumns, chipsPerRow, chipRows, headHeight }
  }
  const pitch = cell.size + cell.gap
  return {
    width: podColumns * pitch - cell.gap + 2 * 8,
    height: 26 + rows * pitch - cell.gap + 8,
    podColumns,
    chipsPerRow: 0,
    chipRows: 0,
    headHeight: 26,
  }
}

function chipRowsFor(members: Members, before: Memory | undefined): number {
  const most = Math.max(0, ...members.workers.map(machine => members.chips.get(machine.id)?.length ?? 0))
  const perRow = members.workers.length <= 3 ? 3 : 2
  return Math.max(2, before?.chipRows ?? 0, Math.ceil(most / perRow))
}

/** The workstation, the masters and the Pods that wait for a node. Returns the lower edge. */
function placeControlPlane(frame: Frame): number {
  const { members, places, slots } = frame
  const masters = Math.max(1, members.masters.length)
  const room = frame.width - sideColumn - sideGap - sideGap - queue.width
  const width = (room - (masters - 1) * machineGap) / masters
  const perRow = masters === 1 ? 4 : 2
  const rows = Math.ceil(4 / perRow)
  const chipTop = headHeight + rows * (component.height + component.gap)
  const chipsPerRow = Math.floor((width - 2 * padding + chip.gap) / (chip.width + chip.gap))
  const chipRows = masters === 1 ? 1 : 2
  const height = chipTop + 2 + chipRows * (chip.height + chip.gap) - chip.gap + padding
  for (const machine of members.masters) {
    const x = sideColumn + sideGap + (slots.get('masters')?.get(machine.id) ?? 0) * (width + machineGap)
    places.set(machine.id, { x, y: 0, width, height, form: 'machine' })
    const cardWidth = (width - 2 * padding - (perRow - 1) * component.gap) / perRow
    for (const item of members.components.get(machine.id) ?? []) {
      const index = cardComponents.indexOf(item.name)
      const column = index % perRow
      const y = headHeight + Math.floor(index / perRow) * (component.height + component.gap)
      const left = x + padding + column * (cardWidth + component.gap)
      places.set(item.id, { x: left, y, width: cardWidth, height: component.height, form: 'component' })
    }
    placeChips(frame, machine.id, { x: x + padding, y: chipTop + 2, width: width - 2 * padding, perRow: chipsPerRow })
  }
  for (const item of members.workstation) {
    places.set(item.id, { x: 0, y: (height - 68) / 2, width: sideColumn, height: 68, form: 'place' })
  }
  placeQueue(frame, { x: frame.width - queue.width, y: 0, width: queue.width, height })
  return height
}

function placeQueue(frame: Frame, box: Box): void {
  const rows = Math.floor((box.height - 34) / (chip.height + 4))
  let hidden = 0
  for (const item of frame.members.queue) {
    const slot = frame.slots.get('queue')?.get(item.id) ?? 0
    const isShown = slot < rows
    if (!isShown) hidden++
    const y = box.y + 32 + Math.min(slot, rows - 1) * (chip.height + 4)
    const place = { x: box.x + 10, y, width: box.width - 20, height: chip.height }
    if (isShown) frame.places.set(item.id, { ...place, form: 'waiting' })
  }
  frame.lanes.push({ id: 'queue', ...box, empty: frame.members.queue.length === 0, hidden })
}

interface ChipRoom {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly perRow: number
}

function placeChips(frame: Frame, machine: string, room: ChipRoom): void {
  const perRow = Math.max(1, room.perRow)
  const width = Math.min(chip.width + 4, (room.width - (perRow - 1) * chip.gap) / perRow)
  for (const item of frame.members.chips.get(machine) ?? []) {
    const slot = frame.slots.get(`chips/${machine}`)?.get(item.id) ?? 0
    const x = room.x + (slot % perRow) * (width + chip.gap)
    const y = room.y + Math.floor(slot / perRow) * (chip.height + chip.gap)
    frame.places.set(item.id, { x, y, width, height: chip.height, form: 'chip' })
  }
}

interface Stretch {
  readonly region: string
  readonly form: Form
  /** Shares of the lane's columns. */
  readonly from: number
  readonly to: number
  readonly items: readonly SceneItem[]
}

function placeLane(frame: Frame, id: Lane['id'], top: number, stretches: readonly Stretch[]) {
  const left = sideColumn + sideGap
  const columns = Math.max(1, Math.floor((frame.width - left + laneCard.gap) / (laneCard.width + laneCard.gap)))
  const pitch = (frame.width - left + laneCard.gap) / columns
  let rows = Math.max(1, frame.before?.laneRows[id] ?? 1)
  for (const stretch of stretches) {
    const first = Math.round(stretch.from * columns)
    const count = Math.max(1, Math.round(stretch.to * columns) - first)
    const slots = frame.slots.get(stretch.region) ?? new Map<string, number>()
    rows = Math.max(rows, Math.ceil(extent(slots) / count))
    for (const item of stretch.items) {
      const slot = slots.get(item.id) ?? 0
      const x = left + (first + (slot % count)) * pitch
      const y = top + Math.floor(slot / count) * (laneCard.height + laneCard.gap)
      const box = { x, y, width: pitch - laneCard.gap, height: laneCard.height }
      frame.places.set(item.id, { ...box, form: stretch.form })
    }
  }
  const height = rows * (laneCard.height + laneCard.gap) - laneCard.gap
  const empty = stretches.every(stretch => stretch.items.length === 0)
  frame.lanes.push({ id, x: left, y: top, width: frame.width - left, height, empty, hidden: 0 })
  return { top, bottom: top + height }
}

function rowsIn(lane: Lane): number {
  return Math.round((lane.height + laneCard.gap) / (laneCard.height + laneCard.gap))
}

function placeOutside(frame: Frame, top: number): void {
  for (const item of frame.members.outside) {
    frame.places.set(item.id, { x: 0, y: top, width: sideColumn, height: laneCard.height, form: 'place' })
  }
}

interface MachineRoom extends MachineSize {
  readonly perRow: number
  readonly growth: Growth
  readonly detail: Detail
}

/** The workers in their rows, each with its Pods and chips. Returns the lower edge. */
function placeMachines(frame: Frame, top: number, size: MachineRoom): number {
  const { members, places, slots } = frame
  const order = slots.get('workers') ?? new Map<string, number>()
  const gap = size.detail === 'cards' ? machineGap : 12
  const cells = cellsOf(size.growth, size.podColumns * size.growth.rowsAt(size.podColumns))
  for (const machine of members.workers) {
    const slot = order.get(machine.id) ?? 0
    const x = (slot % size.perRow) * (size.width + gap)
    const y = top + Math.floor(slot / size.perRow) * (size.height + gap)
    places.set(machine.id, { x, y, width: size.width, height: size.height, form: 'machine' })
    placePods(frame, machine.id, x, y, size, cells)
    if (size.chipRows === 0) continue
    const chipTop = y + size.height - padding - size.chipRows * (chip.height + chip.gap) + chip.gap
    const room = { x: x + padding, y: chipTop, width: size.width - 2 * padding, perRow: size.chipsPerRow }
    placeChips(frame, machine.id, room)
  }
  const rows = Math.max(1, Math.ceil(extent(order) / size.perRow))
  return top + rows * (size.height + gap) - gap
}

function placePods(frame: Frame, machine: string, x: number, y: number, size: MachineRoom, cells: readonly Cell[]) {
  const slots = frame.slots.get(`pods/${machine}`)
  const asCards = size.detail === 'cards'
  const [width, height, gap] = asCards ? [card.width, card.height, card.gap] : [cell.size, cell.size, cell.gap]
  const inset = asCards ? padding : 8
  for (const item of frame.members.pods.get(machine) ?? []) {
    const at = cells[slots?.get(item.id) ?? 0]
    if (!at) continue
    const left = x + inset + at.column * (width + gap)
    const above = y + size.headHeight + at.row * (height + gap)
    frame.places.set(item.id, { x: left, y: above, width, height, form: asCards ? 'pod' : 'cell' })
  }
}

function placeStorage(frame: Frame, top: number): number {
  return placeLane(frame, 'storage', top, [
    { region: 'volumes', form: 'volume', from: 0, to: 1, items: frame.members.volumes },
  ]).bottom
}
