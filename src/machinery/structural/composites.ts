import type { JsonSchema } from './schema.ts'
import type { Outcome, SchemaError } from './schema-error.ts'

type Validate = (schema: JsonSchema, value: unknown, path: string) => Outcome

/** anyOf, oneOf, allOf and not: kube-openapi/pkg/validation/validate/schema_props.go. */
export function compositeErrors(
  { anyOf = [], oneOf = [], allOf = [], not }: JsonSchema,
  value: unknown,
  path: string,
  validate: Validate,
): Outcome {
  const errors: SchemaError[] = []
  let matches = 1
  const merge = (outcome: Outcome | undefined): void => {
    errors.push(...(outcome?.errors ?? []))
    matches += outcome?.matches ?? 0
  }
  const refuse = (message: string): void => {
    errors.push({ code: 'composite', name: path, message })
  }
  if (anyOf.length > 0) {
    const outcomes = anyOf.map(schema => validate(schema, value, path))
    const valid = outcomes.find(isValid)
    if (!valid) refuse(`"${path}" must validate at least one schema (anyOf)`)
    merge(valid ?? best(outcomes))
  }
  if (oneOf.length > 0) {
    const outcomes = oneOf.map(schema => validate(schema, value, path))
    const valid = outcomes.filter(isValid)
    if (valid.length === 1) merge(valid[0])
    else {
      const found = valid.length === 0 ? 'Found none valid' : `Found ${valid.length} valid alternatives`
      refuse(`"${path}" must validate one and only one schema (oneOf). ${found}`)
      if (valid.length === 0) merge(best(outcomes))
    }
  }
  if (allOf.length > 0) {
    const outcomes = allOf.map(schema => validate(schema, value, path))
    const valid = outcomes.filter(isValid).length
    outcomes.forEach(merge)
    if (valid < allOf.length) {
      refuse(`"${path}" must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`)
    }
  }
  if (not && isValid(validate(not, value, path))) refuse(`"${path}" must not validate the schema (not)`)
  return { errors, matches }
}

function isValid({ errors }: Outcome): boolean {
  return errors.length === 0
}

/** The failure that came farthest; of equal ones the first. */
function best(outcomes: readonly Outcome[]): Outcome | undefined {
  return outcomes.reduce<Outcome | undefined>(
    (found, each) => (!found || each.matches > found.matches ? each : found),
    undefined,
  )
}
