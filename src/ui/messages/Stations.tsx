import { useTranslation } from 'react-i18next'
import { ToneIcon } from '../graph/ToneIcon.tsx'
import type { Stage } from './facts.ts'
import styles from './Stations.module.css'
import { type Station, stationsOf } from './stations.ts'

interface StationsProps {
  readonly stages: readonly Stage[]
  readonly isRefused: boolean
}

/** The way of a request through its API server: what each station asked, how it judged and on what grounds. */
export function Stations({ stages, isRefused }: StationsProps) {
  const { t } = useTranslation()
  return (
    <section>
      <h3>{t('message.stages')}</h3>
      <ol className={styles.way}>
        {stationsOf(stages, isRefused).map(station => (
          <li key={station.name} data-tone={station.tone}>
            <ToneIcon tone={station.tone} size={13} />
            <div>
              <p>
                <b>{t(`message.station.${station.name}`)}</b>
                <span>{wordOf(station, t)}</span>
              </p>
              <small>{t(`message.asks.${station.name}`)}</small>
              <Grounds station={station} />
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

function wordOf({ verdict, said }: Station, t: ReturnType<typeof useTranslation>['t']): string {
  return verdict ? t(`message.said.${verdict}`) : (said.at(-1)?.verdict ?? '')
}

/** Who said so, and why: in the words of the server. */
function Grounds({ station: { said } }: { readonly station: Station }) {
  const spoken = said.filter(({ by, detail }) => by !== '' || detail !== '')
  if (spoken.length === 0) return null
  return (
    <ul>
      {spoken.map(({ by, detail }, index) => (
        <li key={index}>
          {by !== '' && <b className="mono">{by}</b>}
          {detail !== '' && <span>{detail}</span>}
        </li>
      ))}
    </ul>
  )
}
