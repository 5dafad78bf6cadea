/** What a parser answers: a value, or why there is none in upstream's words. */
export type Parsed<T> =
  { readonly value: T; readonly error?: undefined } | { readonly value?: undefined; readonly error: string }
