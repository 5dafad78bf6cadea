import { notFound } from '../../../machinery/status.ts'
import type { Answer, Call } from '../call.ts'
import { pods } from '../known.ts'
import { fieldsOf, textOf } from '../record.ts'
import { bindPod } from '../subresources/binding.ts'

/** `bindings`: the old way to bind a Pod, which names it in the body. */
export function bindBody(call: Call): Answer {
  const { server, request } = call
  const resource = server.resources.find(pods.group, pods.version, pods.plural)
  const name = textOf(fieldsOf(fieldsOf(request.body).metadata).name)
  if (!resource) throw notFound(pods, name)
  return bindPod({ ...call, resource, request: { ...request, name } })
}
