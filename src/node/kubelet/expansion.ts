/**
 * Replaces `$(NAME)` by the value of a variable; `$$` is a dollar sign, and a name that nothing has stays as it is
 * written. Models third_party/forked/golang/expansion.
 */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  if (!text.includes('$')) return text
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (match, name: string | undefined) => {
    if (match === '$$') return '$'
    return name !== undefined && Object.hasOwn(variables, name) ? (variables[name] ?? match) : match
  })
}
