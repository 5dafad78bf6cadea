export function RequestsPanel() {
  return null
}
