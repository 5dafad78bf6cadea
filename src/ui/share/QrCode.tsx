import qrcode from 'qrcode-generator'
import { useTranslation } from 'react-i18next'
import styles from './QrCode.module.css'

/** Modules of quiet ground around the code, as its standard wants. */
const quiet = 4

/** A link as a QR code: always dark on light, because that is what cameras read. */
export default function QrCode({ link }: { readonly link: string }) {
  const { t } = useTranslation()
  const code = qrcode(0, 'L')
  code.addData(link, 'Byte')
  code.make()
  const count = code.getModuleCount()
  const size = count + 2 * quiet
  let path = ''
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (code.isDark(row, column)) path += `M${column + quiet} ${row + quiet}h1v1h-1z`
    }
  }
  return (
    <svg
      className={styles.code}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={t('share.qr')}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
