/** Always for `latest`, which is also what no tag means; a digest names one image for ever. */
export function defaultPullPolicy(image: string): 'Always' | 'IfNotPresent' {
  const [name = '', digest] = image.slice(image.lastIndexOf('/') + 1).split('@')
  const colon = name.indexOf(':')
  const tag = colon < 0 ? (digest === undefined ? 'latest' : '') : name.slice(colon + 1)
  return tag === 'latest' ? 'Always' : 'IfNotPresent'
}
