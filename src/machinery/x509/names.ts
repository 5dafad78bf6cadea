import { type Element, encode, inside, oid, oidText, sequence, tags, utf8Of, utf8Text } from './der.ts'

/** The parts of a distinguished name that Kubernetes reads: the user, and his groups in order. */
export interface Subject {
  readonly commonName: string
  readonly organizations: readonly string[]
}

const commonName = '2.5.4.3'
const organization = '2.5.4.10'

export function nameOf({ commonName: name, organizations }: Subject): Uint8Array {
  const field = (id: string, text: string): Uint8Array => sequence(oid(id), utf8Text(text))
  const groups =
    organizations.length === 0 ? [] : [encode(tags.set, ...organizations.map(text => field(organization, text)))]
  return sequence(...groups, encode(tags.set, field(commonName, name)))
}

export function subjectIn(element: Element | undefined): Subject {
  let name = ''
  const organizations: string[] = []
  for (const set of inside(element)) {
    for (const field of inside(set)) {
      const [id, value] = inside(field)
      const text = utf8Of(value?.content ?? new Uint8Array())
      if (oidText(id) === commonName) name = text
      if (oidText(id) === organization) organizations.push(text)
    }
  }
  return { commonName: name, organizations }
}
