import { memo } from 'react'
import { partsOf } from './yaml-parts.ts'
import styles from './YamlText.module.css'

/** YAML to read, with its keys set apart. */
export const YamlText = memo(function YamlText({ yaml }: { readonly yaml: string }) {
  return (
    <pre className={styles.yaml} tabIndex={0}>
      <code>
        {yaml.split('\n').map((line, index) => (
          <span key={index} className={styles.line}>
            {partsOf(line).map((part, at) => (
              <span key={at} data-part={part.type}>
                {part.text}
              </span>
            ))}
            {'\n'}
          </span>
        ))}
      </code>
    </pre>
  )
})
