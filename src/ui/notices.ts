import { create } from 'zustand'

export interface Notice {
  readonly id: number
  readonly tone: 'good' | 'bad' | 'busy' | 'warning'
  readonly text: string
  /** Buttons, for what a person has to decide. */
  readonly actions?: readonly { readonly label: string; readonly run: () => void }[]
}

/** Short messages over the graph. Those with a decision stay, the others leave by themselves. */
export const useNotices = create<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }))

let nextId = 1

const stayMs = 6_000
const stayWhenBadMs = 14_000

export function notify(tone: Notice['tone'], text: string, actions?: Notice['actions']): number {
  const id = nextId++
  const notice: Notice = { id, tone, text, ...(actions ? { actions } : {}) }
  useNotices.setState(state => ({ notices: [...state.notices.slice(-3), notice] }))
  if (!actions) {
    setTimeout(
      () => {
        dismiss(id)
      },
      tone === 'bad' ? stayWhenBadMs : stayMs,
    )
  }
  return id
}

export function dismiss(id: number): void {
  useNotices.setState(state => ({ notices: state.notices.filter(notice => notice.id !== id) }))
}
