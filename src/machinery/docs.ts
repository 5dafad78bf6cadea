/** The documentation of types and fields, which is kept apart from the schema because only readers of it need it. */

/** The build step's output: texts once each, types and fields with the number of their text. */
export interface DocsData {
  texts: string[]
  types: Record<string, { text: number; fields: Record<string, number> }>
}

export interface Docs {
  /** What a type (by its OpenAPI name) is; empty if nobody said. */
  ofType(name: string): string
  /** What a field of a type is for. */
  ofField(type: string, field: string): string
}

export function createDocs({ texts, types }: DocsData): Docs {
  return {
    ofType: name => texts[types[name]?.text ?? -1] ?? '',
    ofField: (type, field) => texts[types[type]?.fields[field] ?? -1] ?? '',
  }
}
