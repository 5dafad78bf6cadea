import type { TFunction } from 'i18next'
import {
  CircleMinus,
  CirclePlus,
  Link,
  type LucideIcon,
  OctagonX,
  Pencil,
  Play,
  Power,
  PowerOff,
  Square,
  Trash,
  Unlink,
} from 'lucide-react'
import type { Fault } from '../../protocol/messages.ts'
import type { ItemType, SceneItem } from '../../scene/model.ts'
import { inflict, remove, run } from '../actions.ts'
import { editObject } from '../editor/documents.ts'

export interface Command {
  readonly label: string
  readonly icon: LucideIcon
  readonly isDanger?: boolean
  readonly run: () => void
}

export interface CommandGroup {
  readonly id: string
  readonly commands: readonly Command[]
}

type Maker = (item: SceneItem, t: TFunction<'page'>) => readonly Command[]

/** What can be done to a thing beyond what all API objects allow, by its type. */
const special: Partial<Record<ItemType, Maker>> = {
  machine: faultsOfMachine,
  pod: (item, t) => [
    fault(t('menu.killContainer'), OctagonX, {
      what: 'kill-container',
      target: item.name,
      namespace: item.namespace ?? 'default',
    }),
  ],
  workload: (item, t) => scaling(item, t),
}

/** The commands for a thing, in groups. */
export function commandsFor(item: SceneItem, t: TFunction<'page'>): readonly CommandGroup[] {
  const groups: CommandGroup[] = []
  if (item.resource !== undefined) {
    groups.push({ id: 'object', commands: [editing(item, t)] })
  }
  const own = special[item.type]?.(item, t) ?? []
  if (own.length > 0) groups.push({ id: 'special', commands: own })
  if (item.resource !== undefined && item.type !== 'machine') {
    groups.push({ id: 'delete', commands: [deleting(item, t)] })
  }
  return groups
}

/** Ways to mend what is wrong with a machine, then ways to break it further. */
export function faultsOfMachine(item: SceneItem, t: TFunction<'page'>): readonly Command[] {
  const target = item.name
  const { trouble } = item.facts
  if (trouble === 'Off') return [mend(t('menu.startMachine'), Power, { what: 'start-machine', target })]
  const isCut = trouble === 'Cut off'
  const isStopped = trouble === 'Kubelet stopped'
  return [
    isCut
      ? mend(t('menu.mendNetwork'), Link, { what: 'mend-network', target })
      : fault(t('menu.cutNetwork'), Unlink, { what: 'cut-network', target }),
    isStopped
      ? mend(t('menu.startKubelet'), Play, { what: 'start-kubelet', target })
      : fault(t('menu.stopKubelet'), Square, { what: 'stop-kubelet', target }),
    fault(t('menu.stopMachine'), PowerOff, { what: 'stop-machine', target }),
  ]
}

function fault(label: string, icon: LucideIcon, what: Fault): Command {
  return {
    label,
    icon,
    isDanger: true,
    run: () => {
      inflict(what)
    },
  }
}

function mend(label: string, icon: LucideIcon, what: Fault): Command {
  return { ...fault(label, icon, what), isDanger: false }
}

function editing(item: SceneItem, t: TFunction<'page'>): Command {
  return {
    label: t('menu.edit'),
    icon: Pencil,
    run: () => {
      void editObject(item)
    },
  }
}

function deleting(item: SceneItem, t: TFunction<'page'>): Command {
  return {
    label: t('menu.delete'),
    icon: Trash,
    isDanger: true,
    run: () => {
      remove(item)
    },
  }
}

/** A workload that says `2/3` can be scaled; the command is the one that a person would type. */
function scaling(item: SceneItem, t: TFunction<'page'>): readonly Command[] {
  const wanted = Number(item.facts['ready']?.split('/')[1])
  if (!Number.isInteger(wanted) || item.resource === undefined || item.kind === 'DaemonSet') return []
  const scaleTo = (count: number) => () => {
    const namespace = item.namespace === undefined ? '' : ` -n ${item.namespace}`
    run(`kubectl scale ${item.resource ?? ''} ${item.name} --replicas=${count}${namespace}`)
  }
  const up: Command = { label: t('menu.scaleUp', { count: wanted + 1 }), icon: CirclePlus, run: scaleTo(wanted + 1) }
  const down: Command = {
    label: t('menu.scaleDown', { count: wanted - 1 }),
    icon: CircleMinus,
    run: scaleTo(wanted - 1),
  }
  return wanted > 0 ? [up, down] : [up]
}
