/** Says since when endpoints are out of date, so that the delay to kube-proxy can be measured. */
const triggerTimeKey = 'endpoints.kubernetes.io/last-change-trigger-time'

/** Annotations with the trigger time, or without an old one. */
export function withTriggerTime(
  annotations: Record<string, string> | undefined,
  time: string | undefined,
): Record<string, string> {
  const { [triggerTimeKey]: _, ...rest } = annotations ?? {}
  return time === undefined ? rest : { ...rest, [triggerTimeKey]: time }
}
