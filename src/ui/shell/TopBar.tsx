import {
  CircleQuestionMark,
  Languages,
  Moon,
  PanelBottom,
  PanelLeft,
  PanelRight,
  Share2,
  Sun,
  SunMoon,
} from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { prefer, type Preferences, usePreferences } from '../preferences.ts'
import { BreakMenu } from './BreakMenu.tsx'
import { ClusterMenu } from './ClusterMenu.tsx'
import { openDialog } from './dialogs.ts'
import { IconButton } from './IconButton.tsx'
import menu from './menu.module.css'
import { TimeControls } from './TimeControls.tsx'
import styles from './TopBar.module.css'

export function TopBar() {
  const { t } = useTranslation()
  const language = usePreferences(state => state.language)
  return (
    <header className={styles.bar}>
      <div className={styles.left}>
        <h1 className={styles.brand}>
          <Logo />
          <span>Podscape</span>
        </h1>
        <ClusterMenu />
      </div>
      <TimeControls />
      <nav className={styles.right}>
        <BreakMenu />
        <IconButton
          label={t('bar.share')}
          text={t('bar.share')}
          icon={Share2}
          onClick={() => {
            openDialog('share')
          }}
        />
        <i className={styles.rule} />
        <PanelButtons />
        <i className={styles.rule} />
        <IconButton
          label={language === 'en' ? '한국어' : 'English'}
          icon={Languages}
          onClick={() => {
            prefer({ language: language === 'en' ? 'ko' : 'en' })
          }}
        />
        <ThemeMenu />
        <IconButton
          label={t('bar.help')}
          keys="?"
          icon={CircleQuestionMark}
          onClick={() => {
            openDialog('help')
          }}
        />
      </nav>
    </header>
  )
}

function PanelButtons() {
  const { t } = useTranslation()
  const { explorerOpen, sideOpen, dockOpen } = usePreferences()
  const panels = [
    { key: 'explorerOpen', label: t('bar.explorer'), icon: PanelLeft, isOpen: explorerOpen },
    { key: 'dockOpen', label: t('bar.dock'), icon: PanelBottom, isOpen: dockOpen },
    { key: 'sideOpen', label: t('bar.side'), icon: PanelRight, isOpen: sideOpen },
  ] as const
  return panels.map(({ key, label, icon, isOpen }) => (
    <IconButton
      key={key}
      label={label}
      icon={icon}
      pressed={isOpen}
      onClick={() => {
        prefer({ [key]: !isOpen })
      }}
    />
  ))
}

const themes: readonly { readonly theme: Preferences['theme']; readonly icon: typeof Sun }[] = [
  { theme: 'light', icon: Sun },
  { theme: 'dark', icon: Moon },
  { theme: 'system', icon: SunMoon },
]

function ThemeMenu() {
  const { t } = useTranslation()
  const theme = usePreferences(state => state.theme)
  const icon = themes.find(each => each.theme === theme)?.icon ?? SunMoon
  const words = { light: t('bar.themeLight'), dark: t('bar.themeDark'), system: t('bar.themeSystem') }
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton label={t('bar.theme')} icon={icon} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu.menu} align="end" sideOffset={6}>
          <DropdownMenu.RadioGroup value={theme}>
            {themes.map(({ theme, icon: Icon }) => (
              <DropdownMenu.RadioItem
                key={theme}
                className={menu.item}
                value={theme}
                onSelect={() => {
                  prefer({ theme })
                }}
              >
                <Icon size={14} />
                {words[theme]}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <path d="M16 1.5 28.5 8.7v14.6L16 30.5 3.5 23.3V8.7z" fill="var(--accent)" />
      <g fill="var(--accent-ink)">
        <rect x="9" y="9.5" width="6.2" height="6.2" rx="1.6" />
        <rect x="16.8" y="9.5" width="6.2" height="6.2" rx="1.6" />
        <rect x="9" y="17.3" width="6.2" height="6.2" rx="1.6" />
        <rect x="16.8" y="17.3" width="6.2" height="6.2" rx="1.6" opacity=".5" />
      </g>
    </svg>
  )
}
