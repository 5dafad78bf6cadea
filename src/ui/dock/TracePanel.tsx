export function TracePanel() {
  return null
}
