import { useTranslation } from 'react-i18next'
import type { TraceLine } from '../../protocol/messages.ts'
import type { Motion } from '../../scene/model.ts'
import { motionOf } from '../../scene/motions.ts'
import { clockText } from '../actions.ts'
import { numberAt, textAt } from '../dock/plain.ts'
import { ToneIcon } from '../graph/ToneIcon.tsx'
import { reveal } from '../selection.ts'
import { useItem } from '../store.ts'
import { factsOf, type MessageFacts, milliseconds } from './facts.ts'
import styles from './MessageDetails.module.css'
import { Stations } from './Stations.tsx'
import { useExchange } from './use-line.ts'

/** Who said what to whom, by which rule, how it was judged and how long it took. */
export function MessageDetails({ line }: { readonly line: TraceLine }) {
  const { t } = useTranslation()
  const message = factsOf(line)
  const exchange = useExchange(line.seq, message?.exchange)
  if (!message) return null
  const motion = motionOf(line)
  return (
    <div className={styles.details}>
      <dl className={styles.facts}>
        <Ends motion={motion} />
        {message.facts.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`message.${name}`)}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
        {message.verdict !== '' && (
          <div>
            <dt>{t('message.verdict')}</dt>
            <dd>
              <Verdict message={message} />
            </dd>
          </div>
        )}
        <div>
          <dt>{t('message.at')}</dt>
          <dd className="mono">{clockText(line.at)}</dd>
        </div>
      </dl>
      {message.stages.length > 0 && <Stations stages={message.stages} isRefused={message.tone !== 'good'} />}
      {exchange.length > 0 && <Way lines={exchange} here={line.seq} />}
    </div>
  )
}

export function Ends({ motion }: { readonly motion: Motion | undefined }) {
  const { t } = useTranslation()
  if (!motion) return null
  return (['from', 'to'] as const).map(end => (
    <div key={end}>
      <dt>{t(`message.${end}`)}</dt>
      <dd>
        <Place id={motion[end]} />
      </dd>
    </div>
  ))
}

/** A thing of the graph, as far as it is still there. */
function Place({ id }: { readonly id: string }) {
  const item = useItem(id)
  if (!item) return <span className="mono">{id}</span>
  return (
    <button
      type="button"
      className={styles.place}
      onClick={() => {
        reveal(id)
      }}
    >
      <ToneIcon tone={item.tone} size={11} />
      <span>{item.name}</span>
    </button>
  )
}

function Verdict({ message }: { readonly message: MessageFacts }) {
  return (
    <span className={styles.verdict} data-tone={message.tone}>
      <ToneIcon tone={message.tone} size={12} />
      {message.verdict}
    </span>
  )
}

/** The request that a hop is part of, hop by hop. */
function Way({ lines, here }: { readonly lines: readonly TraceLine[]; readonly here: number }) {
  const { t } = useTranslation()
  const begin = lines.find(({ type, data }) => type === 'exchange' && textAt(data, 'phase') === 'begin')
  const end = lines.find(({ type, data }) => type === 'exchange' && textAt(data, 'phase') === 'end')
  const hops = lines.filter(({ type }) => type === 'hop')
  const status = numberAt(end?.data, 'status')
  const took = milliseconds(numberAt(end?.data, 'tookMs'))
  return (
    <section>
      <h3>{t('message.way')}</h3>
      {begin && (
        <p className={styles.url}>
          <span className="mono">{`${textAt(begin.data, 'method')} ${textAt(begin.data, 'url')}`}</span>
          {end && <small>{[status ?? textAt(end.data, 'error'), took].filter(Boolean).join(' · ')}</small>}
        </p>
      )}
      <ol className={styles.steps}>
        {hops.map(hop => {
          const facts = factsOf(hop)
          const rule = textAt(hop.data, 'rule')
          return (
            <li key={hop.seq} aria-current={hop.seq === here}>
              <b className="mono">{facts?.title}</b>
              <span>{[facts?.verdict, milliseconds(numberAt(hop.data, 'latencyMs'))].filter(Boolean).join(' · ')}</span>
              {rule && <small>{rule}</small>}
            </li>
          )
        })}
      </ol>
    </section>
  )
}
