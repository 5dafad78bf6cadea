import { create } from 'zustand'

export type DialogName = 'help' | 'share'

/** Which dialog is open, if any. */
export const useDialog = create<{ readonly open: DialogName | undefined }>(() => ({ open: undefined }))

export function openDialog(name: DialogName): void {
  useDialog.setState({ open: name })
}

export function closeDialog(): void {
  useDialog.setState({ open: undefined })
}
