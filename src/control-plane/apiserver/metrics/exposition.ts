/** One line of a metric: its labels in order, and a number. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Observations that all took the same time. */
export interface Observed {
  readonly labels: Readonly<Record<string, string>>
  readonly seconds: number
  readonly count: number
}

type Stability = 'ALPHA' | 'BETA' | 'STABLE'

/** A metric of Prometheus' text format (prometheus/common/expfmt), with the stability that Kubernetes puts before the help. */
export function metric(
  name: string,
  type: 'counter' | 'gauge',
  stability: Stability,
  help: string,
  samples: readonly Sample[],
): string {
  if (samples.length === 0) return ''
  return (
    head(name, type, stability, help) +
    samples
      .map(({ labels, value }) => line(name, labels, value))
      .sort()
      .join('')
  )
}

/** A histogram. Equal labels are added up. */
export function histogram(
  name: string,
  stability: Stability,
  help: string,
  buckets: readonly number[],
  observed: readonly Observed[],
): string {
  if (observed.length === 0) return ''
  const series = new Map<string, Observed[]>()
  for (const each of observed) {
    const key = labelText(each.labels)
    series.set(key, [...(series.get(key) ?? []), each])
  }
  const sorted = [...series].sort(([a], [b]) => (a < b ? -1 : 1))
  const lines = sorted.map(([, same]) => seriesText(name, buckets, same))
  return head(name, 'histogram', stability, help) + lines.join('')
}

function seriesText(name: string, buckets: readonly number[], observed: readonly Observed[]): string {
  const labels = observed[0]?.labels ?? {}
  const countTo = (limit: number): number =>
    observed.reduce((sum, { seconds, count }) => (seconds <= limit ? sum + count : sum), 0)
  const total = countTo(Infinity)
  const sum = observed.reduce((all, { seconds, count }) => all + seconds * count, 0)
  return [
    ...buckets.map(limit => line(`${name}_bucket`, { ...labels, le: String(limit) }, countTo(limit))),
    line(`${name}_bucket`, { ...labels, le: '+Inf' }, total),
    line(`${name}_sum`, labels, Number(sum.toPrecision(12))),
    line(`${name}_count`, labels, total),
  ].join('')
}

function head(name: string, type: string, stability: Stability, help: string): string {
  return `# HELP ${name} [${stability}] ${help}\n# TYPE ${name} ${type}\n`
}

function line(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  return `${name}${labelText(labels)} ${numberText(value)}\n`
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`)
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, found => (found === '\n' ? '\\n' : `\\${found}`))
}

/** As Go writes floats with %g: large ones in powers of ten. */
function numberText(value: number): string {
  if (Math.abs(value) < 1e6 || !Number.isFinite(value)) return String(value)
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  return `${digits}e+${exponent.replace('+', '').padStart(2, '0')}`
}
