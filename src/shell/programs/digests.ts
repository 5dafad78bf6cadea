import { decodeBase64, encodeBase64 } from '../../machinery/base64.ts'
import { sha256 } from '../../machinery/sha256.ts'
import type { ShellProgram } from '../host.ts'
import { filter, parseArguments, readAll } from './filter.ts'

function decode(text: string): string | undefined {
  const letters = text.replace(/\s/g, '').replace(/=+$/, '')
  return /[^A-Za-z0-9+/]/.test(letters) ? undefined : decodeBase64(letters)
}

/** base64: -d, -w COLUMNS (76). */
export const base64: ShellProgram = {
  run(call) {
    const { options, operands } = parseArguments(call.argv, 'w')
    return readAll(call, operands.length > 0 ? operands : ['-'], inputs => {
      const text = inputs.map(input => input.text).join('')
      if (options.has('d') || options.has('D') || options.has('decode')) {
        const decoded = decode(text)
        if (decoded === undefined) call.err('base64: invalid input\n')
        call.out(decoded ?? '')
        return decoded === undefined ? 1 : 0
      }
      const width = Number(options.get('w') ?? options.get('wrap') ?? 76)
      const encoded = encodeBase64(text)
      const lines = width === 0 ? encoded : encoded.replace(new RegExp(`.{${width}}(?=.)`, 'g'), '$&\n')
      call.out(width === 0 || encoded === '' ? lines : `${lines}\n`)
      return 0
    })
  },
}

export const sha256sum = filter('', inputs => ({
  out: inputs.map(({ name, text }) => `${sha256(text)}  ${name ?? '-'}\n`).join(''),
}))
