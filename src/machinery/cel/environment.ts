import { conversions } from './conversions.ts'
import { type Declarations, namedTypes } from './declarations.ts'
import type { FunctionDeclaration, Overload } from './functions.ts'
import { addresses } from './library/addresses.ts'
import { namedFormats } from './library/formats.ts'
import { lists } from './library/lists.ts'
import { insertions, optionals } from './library/optionals.ts'
import { quantities } from './library/quantities.ts'
import { regexes } from './library/regexes.ts'
import { semvers } from './library/semvers.ts'
import { sets } from './library/sets.ts'
import { strings } from './library/strings.ts'
import { urls } from './library/urls.ts'
import { operators } from './operators.ts'
import { times } from './times.ts'
import { type CelType, struct, typeOfType } from './cel-type.ts'

/** What expressions may name besides the functions that all have. */
export interface EnvironmentOptions {
  readonly variables?: Readonly<Record<string, CelType>>
  /** Types with fields, by name: those of `Object{…}` and of variables with a schema. */
  readonly structs?: ReadonlyMap<string, ReadonlyMap<string, CelType>>
  readonly functions?: readonly FunctionDeclaration[]
}

/** Names that expressions may use: cel.Env. Made once for many expressions. */
export interface Environment extends Declarations {
  readonly options: EnvironmentOptions
}

/** The base environment of Kubernetes 1.36: apiserver/pkg/cel/environment/base.go. */
const base = [
  ...[operators, conversions, times, optionals, insertions],
  ...[strings, regexes, lists, sets, urls, quantities, addresses, namedFormats, semvers],
].flat()

const baseFunctions = merged(new Map(), base)

const kubernetesTypes = ['kubernetes.Quantity', 'kubernetes.URL', 'kubernetes.Semver', 'kubernetes.NamedFormat']
const typeNames: ReadonlyMap<string, CelType> = new Map([
  ...namedTypes,
  ...[...kubernetesTypes, 'net.IP', 'net.CIDR'].map(name => [name, struct(name)] as const),
])

/** The base environment with variables, structs and functions of its own. */
export function environmentWith(options: EnvironmentOptions): Environment {
  const { variables = {}, structs = new Map(), functions = [] } = options
  const all = functions.length === 0 ? baseFunctions : merged(baseFunctions, functions)
  return {
    options,
    variableType(name) {
      if (Object.hasOwn(variables, name)) return variables[name]
      const type = typeNames.get(name) ?? (structs.has(name) ? struct(name) : undefined)
      return type && typeOfType(type)
    },
    function: name => all.get(name),
    hasStruct: name => structs.has(name),
    fieldType: (name, field) => structs.get(name)?.get(field),
  }
}

/** Libraries may add overloads to a function of another. */
function merged(
  known: ReadonlyMap<string, FunctionDeclaration>,
  more: readonly FunctionDeclaration[],
): ReadonlyMap<string, FunctionDeclaration> {
  const overloads = new Map<string, readonly Overload[]>([...known].map(([name, each]) => [name, each.overloads]))
  for (const each of more) overloads.set(each.name, [...(overloads.get(each.name) ?? []), ...each.overloads])
  return new Map([...overloads].map(([name, each]) => [name, { name, overloads: each }]))
}
