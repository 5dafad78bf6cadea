import { Zap } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import type { SceneItem } from '../../scene/model.ts'
import { faultsOfMachine } from '../graph/commands.ts'
import { ToneIcon } from '../graph/ToneIcon.tsx'
import { useItem, useItemsWhere } from '../store.ts'
import { IconButton } from './IconButton.tsx'
import menu from './menu.module.css'

const isMachine = (item: SceneItem) => item.type === 'machine'
const machinesShown = 12

/** Every machine with the ways to break and mend it. Containers are broken from their own menus. */
export function BreakMenu() {
  const { t } = useTranslation()
  const machines = useItemsWhere(isMachine)
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton label={t('bar.break')} text={t('bar.break')} icon={Zap} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu.menu} align="end" sideOffset={6}>
          <DropdownMenu.Label className={menu.label}>{t('menu.breakTitle')}</DropdownMenu.Label>
          {machines.length === 0 && <p className={menu.item}>{t('menu.breakNothing')}</p>}
          {machines.slice(0, machinesShown).map(machine => (
            <MachineFaults key={machine.id} id={machine.id} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function MachineFaults({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const machine = useItem(id)
  if (!machine) return null
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className={menu.item}>
        <ToneIcon tone={machine.tone} />
        {machine.name}
        <small>{machine.facts['trouble'] ?? machine.status}</small>
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent className={menu.menu} sideOffset={4} collisionPadding={8}>
          {faultsOfMachine(machine, t).map(({ label, icon: Icon, isDanger, run }) => (
            <DropdownMenu.Item key={label} className={menu.item} data-danger={isDanger} onSelect={run}>
              <Icon size={14} />
              {label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  )
}
