import type { StreamClose, StreamInput, StreamRequest } from '../../machinery/streams.ts'
import type { Answer, Delivered } from '../../network/exchange.ts'
import { type ComponentDefinition, defineComponent, type Self } from '../../sim/component.ts'
import type { CriRequest } from '../cri/cri.ts'
import { endExec, type ExecTimeout, handleCall } from './calls.ts'
import type { Engine, Host } from './engine.ts'
import { type FileWrite, writeFile } from './file-writes.ts'
import { writeHostFile } from './host-files.ts'
import type { ImageRegistry } from './image.ts'
import {
  checkMachineMemory,
  checkUsage,
  endContainer,
  hostOf,
  invoke,
  killContainer,
  signalContainer,
} from './lifecycle.ts'
import { type AnswerTag, ownAnswer, type TimerEvent } from './process.ts'
import { finishPull, type PulledEvent } from './pulls.ts'
import type { RuntimeState } from './state.ts'
import { closeStream, isStreamTag, openStream, type OpenStream, passAnswer, takeInput, takeRequest } from './streams.ts'

export interface RuntimeDefinitionOptions {
  readonly images: ImageRegistry
  readonly host: Host
}

type RuntimeSelf = Self<RuntimeState>

/**
 * The container runtime of a machine, component `runtime/<machine>`: what containerd, runc and the kernel are to a
 * kubelet. Calls come as the event `cri` and are answered by the event `cri-result`.
 */
export function createRuntime({ images, host }: RuntimeDefinitionOptions): ComponentDefinition<RuntimeState> {
  const registry = remembering(images)
  const engineOf = (self: RuntimeSelf): Engine => ({ self, state: self.state, images: registry, host })
  return defineComponent<RuntimeState>({
    type: 'runtime',
    on: {
      cri: (self, request: CriRequest) => handleCall(engineOf(self), request),
      pulled: (self, event: PulledEvent) => finishPull(engineOf(self), event),
      timer: (self, event: TimerEvent, { seq }) => ring(engineOf(self), event, seq),
      exchange: (self, delivered: Delivered) => serve(engineOf(self), delivered),
      answer: (self, answer: Answer) => takeAnswer(engineOf(self), answer),
      kill: (self, containerId: string) => {
        const container = self.state.containers.get(containerId)
        if (container) killContainer(engineOf(self), container)
      },
      /** Somebody outside ends or signals a container's process: `kill` on the machine, or a program's own component. */
      exit: (self, { container, exitCode }: { container: string; exitCode: number }) => {
        const found = self.state.containers.get(container)
        if (found?.state === 'running') endContainer(engineOf(self), found, { exitCode })
      },
      signal: (self, { container, signal }: { container: string; signal: string }) => {
        const found = self.state.containers.get(container)
        if (found?.state === 'running') signalContainer(engineOf(self), found, signal)
      },
      'memory-limit': (self, containerId: string) => {
        const container = self.state.containers.get(containerId)
        if (container) checkUsage(engineOf(self), container)
      },
      memory: self => checkMachineMemory(engineOf(self)),
      'exec-timeout': (self, timeout: ExecTimeout) => endExec(engineOf(self), timeout),
      'stream-open': (self, open: OpenStream, { seq }) => openStream(engineOf(self), open, seq),
      'stream-input': (self, input: StreamInput) => takeInput(engineOf(self), input),
      'stream-request': (self, request: StreamRequest) => takeRequest(engineOf(self), request),
      'stream-close': (self, { stream }: StreamClose) => closeStream(engineOf(self), stream),
      /** Nothing that runs here asks for the size of its terminal. */
      'stream-resize': () => undefined,
      /** A program's own component writes a file of its container, or its output (`-`). */
      file: (self, write: FileWrite) => writeFile(engineOf(self), write),
      'host-file': (self, { path, text }: { path: string; text?: string }) => writeHostFile(engineOf(self), path, text),
    },
  })
}

/** Registries answer the same to the same name: asked once for each. */
function remembering(images: ImageRegistry): ImageRegistry {
  const known = new Map<string, ReturnType<ImageRegistry['pull']>>()
  return {
    pull(reference) {
      let result = known.get(reference)
      if (!result) known.set(reference, (result = images.pull(reference)))
      return result
    },
  }
}

function ring(engine: Engine, { container: id, pid, data }: TimerEvent, seq: number): void {
  const container = engine.state.containers.get(id)
  const record = container?.processes.get(pid)
  if (!container || !record?.timers.delete(seq)) return
  invoke(engine, container, record, (program, process) => program.timer?.(process, data))
}

function serve(engine: Engine, delivered: Delivered): void {
  const { state, self } = engine
  const container = state.containers.get(delivered.listener.container ?? '')
  const owner = container && portOwner(engine, container.id, delivered)
  const record = owner === undefined ? undefined : container?.processes.get(owner)
  if (!container || !record) {
    self.send('network', 0, 'respond', { exchange: delivered.exchange, afterMs: 0, reset: true })
    return
  }
  invoke(engine, container, record, (program, process) => program.serve?.(process, delivered))
}

/** The process of the container that has the port open. */
function portOwner(engine: Engine, containerId: string, { port, protocol }: Delivered): number | undefined {
  const container = engine.state.containers.get(containerId)
  if (!container) return undefined
  const host = hostOf(engine, container)
  const transport = protocol === 'udp' || protocol === 'dns' ? 'udp' : 'tcp'
  const open = engine.state.ports.get(`${host} ${port}/${transport}`)
  return open?.container === containerId ? open.pid : undefined
}

function takeAnswer(engine: Engine, answer: Answer): void {
  const tag = answer.tag
  if (isStreamTag(tag)) return passAnswer(engine, answer, tag)
  if (!isAnswerTag(tag)) return
  const container = engine.state.containers.get(tag.container)
  const record = container?.processes.get(tag.pid)
  if (!container || !record) return
  invoke(engine, container, record, (program, process) => program.answer?.(process, ownAnswer(answer, tag)))
}

function isAnswerTag(tag: unknown): tag is AnswerTag {
  return typeof tag === 'object' && tag !== null && 'container' in tag && 'pid' in tag
}
