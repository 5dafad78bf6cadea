/** Letters and digits of generated names: no vowels, and nothing that looks like another (util/rand/rand.go). */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

export function randomText(length: number, random: () => number): string {
  let text = ''
  for (let i = 0; i < length; i++) text += alphabet.charAt(Math.floor(random() * alphabet.length))
  return text
}

/** Names have at most 63 characters, of which five are random. */
const baseLengthMax = 58

/** `web-` → `web-x7k2p`: storage/names/generate.go. */
export function generateName(base: string, random: () => number): string {
  return base.slice(0, baseLengthMax) + randomText(5, random)
}

/** A UUID of version 4 from the server's random stream. */
export function newUid(random: () => number): string {
  const word = (): string =>
    Math.floor(random() * 0x100000000)
      .toString(16)
      .padStart(8, '0')
  const [a, b, c, d] = [word(), word(), word(), word()]
  const variant = '89ab'.charAt(Math.floor(parseInt(c.charAt(0), 16) / 4))
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${d}`
}
