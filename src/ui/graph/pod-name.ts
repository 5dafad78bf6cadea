/** The letters of generated names: no vowels, so that no words come out (utilrand.SafeEncodeString). */
const generated = /^(.+?)(?:-([bcdfghjklmnpqrstvwxz2456789]{6,10}))?-([bcdfghjklmnpqrstvwxz2456789]{5})$/

/**
 * Splits a generated Pod name into what people say and what tells it from its siblings:
 * `echo-hname-7894b67f-x2k9p` → `echo-hname` and `x2k9p`. A name that was chosen by hand stays whole.
 */
export function splitPodName(name: string): { readonly base: string; readonly suffix: string | undefined } {
  const match = generated.exec(name)
  return match?.[1] === undefined ? { base: name, suffix: undefined } : { base: match[1], suffix: match[3] }
}
