import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { Explorer } from '../explorer/Explorer.tsx'
import { startLanguages } from '../i18n/language.ts'
import Inspector from '../inspector/Inspector.tsx'
import { prefer } from '../preferences.ts'
import { select, useSelection } from '../selection.ts'
import { freshRecord, openSession, startSupervising } from '../session/session.ts'
import { receiveDelta, useClock, useScene } from '../store.ts'
import { delta, item, pod, worker } from '../testing/items.ts'
import { standInPort } from '../testing/stand-in-session.ts'
import { openDialog } from './dialogs.ts'
import { HelpDialog } from './HelpDialog.tsx'
import { ShareDialog } from './ShareDialog.tsx'
import { TimeControls } from './TimeControls.tsx'

beforeAll(async () => {
  await startLanguages('en')
  startSupervising(standInPort)
  await openSession(freshRecord(), true)
})

afterEach(() => {
  cleanup()
  select(undefined)
})

const show = (...items: Parameters<typeof delta>[0]['items'] & object) => {
  act(() => {
    receiveDelta(delta({ reset: true, items }))
  })
}

describe('the page', () => {
  it('[J1] lists what the cluster holds, and follows it', () => {
    render(<Explorer />)
    show(worker('w1'), pod('echo-hname-7894b67f-x2k9p', 'w1', { facts: { ready: '0/1' }, status: 'ContainerCreating' }))
    const row = screen.getByRole('button', { name: /x2k9p.*0\/1.*ContainerCreating/ })
    const known = useScene.getState().items.get('pod/echo-hname-7894b67f-x2k9p') ?? worker('none')
    act(() => {
      receiveDelta(delta({ items: [{ ...known, facts: { ready: '1/1' }, status: 'Running' }] }))
    })
    expect(row.textContent).toContain('1/1')
    fireEvent.click(row)
    expect(useSelection.getState().selected).toBe('pod/echo-hname-7894b67f-x2k9p')
    expect(row.getAttribute('aria-current')).toBe('true')
  })

  it('[J1] finds things by name and says when there are none', () => {
    render(<Explorer />)
    show(worker('w1'), item('service', 'shop', { kind: 'Service', namespace: 'default' }))
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'sho' } })
    expect(screen.queryByText('w1')).toBeNull()
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'zzz' } })
    expect(screen.getByText('Nothing matches “zzz”.')).toBeTruthy()
  })

  it('[J1] reads the whole object of what is selected', async () => {
    act(() => {
      prefer({ sideOpen: true, sideTab: 'inspector' })
    })
    render(<Inspector />)
    expect(screen.getByText('Nothing selected')).toBeTruthy()
    show(pod('coredns-x', 'w1', { resource: 'pods' }))
    act(() => {
      select('pod/coredns-x')
    })
    fireEvent.click(screen.getByRole('button', { name: 'Describe' }))
    await waitFor(() => expect(screen.getByRole('heading', { name: 'coredns-x' })).toBeTruthy())
    act(() => {
      receiveDelta(delta({ removedItems: ['pod/coredns-x'] }))
    })
    expect(screen.getByText(/This object is gone/)).toBeTruthy()
  })

  it('[J6] plays, pauses and changes speed', async () => {
    render(<TimeControls />)
    fireEvent.click(screen.getByRole('button', { name: 'Play' }))
    await waitFor(() => expect(useClock.getState().playing).toBe(true))
    fireEvent.click(screen.getByRole('button', { name: 'Pause' }))
    await waitFor(() => expect(useClock.getState().playing).toBe(false))
    const speed = screen.getByRole('slider', { name: 'Speed' })
    fireEvent.change(speed, { target: { value: '10' } })
    await waitFor(() => expect(speed.getAttribute('aria-valuetext')).toBe('100×'))
    fireEvent.click(screen.getByTitle('Back to real time'))
    await waitFor(() => expect(useClock.getState().speed).toBe(1))
  })

  it('[J4] makes a link of the session, says how long it is and copies it', async () => {
    const writeText = vi.fn(() => Promise.resolve())
    vi.stubGlobal('navigator', { ...navigator, language: 'en', clipboard: { writeText } })
    render(<ShareDialog />)
    act(() => {
      openDialog('share')
    })
    await waitFor(() => expect(screen.getByText(/^\d+ characters$/)).toBeTruthy())
    fireEvent.click(screen.getByRole('button', { name: 'Copy link' }))
    await waitFor(() => expect(screen.getByRole('button', { name: 'Copied' })).toBeTruthy())
    expect(writeText).toHaveBeenCalledWith(expect.stringMatching(/#s=1\.[\w-]+$/))
    vi.unstubAllGlobals()
  })

  it('[J11] speaks the other language without a reload', async () => {
    const { speak } = await import('../i18n/language.ts')
    render(<HelpDialog />)
    act(() => {
      openDialog('help')
    })
    expect(screen.getByRole('heading', { name: 'Help' })).toBeTruthy()
    act(() => {
      speak('ko')
    })
    await waitFor(() => expect(screen.getByRole('heading', { name: '도움말' })).toBeTruthy())
    expect(document.documentElement.lang).toBe('ko')
  })
})
