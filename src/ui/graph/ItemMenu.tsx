import { ContextMenu } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { inspect, select } from '../selection.ts'
import menu from '../shell/menu.module.css'
import { useItem } from '../store.ts'
import { commandsFor } from './commands.ts'

/** The menu of a thing on the graph: look, change, break. */
export function ItemMenu({ id }: { readonly id: string | undefined }) {
  const { t } = useTranslation()
  const item = useItem(id)
  if (!item) return null
  return (
    <ContextMenu.Portal>
      <ContextMenu.Content className={menu.menu} collisionPadding={8}>
        <ContextMenu.Label className={menu.label}>
          <span>{item.kind ?? item.type}</span> {item.name}
        </ContextMenu.Label>
        <ContextMenu.Item
          className={menu.item}
          onSelect={() => {
            select(item.id)
          }}
        >
          {t('menu.describe')}
        </ContextMenu.Item>
        {item.resource !== undefined && (
          <ContextMenu.Item
            className={menu.item}
            onSelect={() => {
              select(item.id)
              inspect('why')
            }}
          >
            {t('inspector.why')}
          </ContextMenu.Item>
        )}
        {commandsFor(item, t).map(group => (
          <ContextMenu.Group key={group.id}>
            <ContextMenu.Separator className={menu.separator} />
            {group.commands.map(command => (
              <ContextMenu.Item
                key={command.label}
                className={menu.item}
                data-danger={command.isDanger}
                onSelect={command.run}
              >
                <command.icon size={14} />
                {command.label}
              </ContextMenu.Item>
            ))}
          </ContextMenu.Group>
        ))}
      </ContextMenu.Content>
    </ContextMenu.Portal>
  )
}
