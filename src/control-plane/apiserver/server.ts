import type { ApiObject } from '../../machinery/object.ts'
import type { ApiRequest, ApiResponse, WatchTarget } from '../../machinery/rest.ts'
import type { JsonDocument } from '../../machinery/json-text.ts'
import { attempt } from '../../machinery/status.ts'
import type { StreamMessage } from '../../machinery/streams.ts'
import { type ComponentDefinition, defineComponent, type Self } from '../../sim/component.ts'
import { compact } from '../etcd/compaction.ts'
import { expireLeases } from '../etcd/lease.ts'
import { pin, readPinned, unpin } from '../etcd/pins.ts'
import { ApiServices } from './aggregation/api-services.ts'
import { syncAvailability, takeCheck } from './aggregation/availability.ts'
import { checkSoon } from './aggregation/reaction.ts'
import { aggregatedResources, joined } from './aggregation/resources.ts'
import { AdmissionChain } from './admission/chain.ts'
import { admissionPlugins } from './admission/index.ts'
import { privilegedGroup, union } from './authorization/authorizer.ts'
import { nodeAndRbac } from './authorization/index.ts'
import { writeLog } from './audit/log.ts'
import type { AuditState } from './audit/settings.ts'
import { bootstrap } from './bootstrap.ts'
import { conversions } from './conversions/index.ts'
import { CustomResources } from './custom/custom-resources.ts'
import { syncDefinitions } from './custom/definition-controller.ts'
import { Decoder } from './decoder.ts'
import { scheduleExpiry } from './event-lease.ts'
import { serveHttp } from './http/handler.ts'
import type { HttpConnection, HttpRequest, HttpResponse, HttpStream } from './http/message.ts'
import { inVersion, storedObject } from './objects.ts'
import { serve, withEvidence } from './pipeline.ts'
import { type Resource, ResourceTable } from './resources.ts'
import type { ApiServerOptions, Server } from './server-context.ts'
import { type ApiServerState, initialState } from './state.ts'
import { virtualResources } from './virtual/index.ts'
import { sendBookmarks } from './watch/bookmarks.ts'
import { closeWatch, deliver, stopWatch } from './watch/deliver.ts'
import { catchUp, publish } from './watch/publish.ts'
import { startWatch } from './watch/start.ts'

/** `--etcd-compaction-interval`. */
const compactionMs = 5 * 60 * 1000
const bookmarkMs = 60 * 1000
const startRetryMs = 1_000

/** A resource as a follower names it (DESIGN.md, D9). */
export interface ResourceRef {
  readonly group: string
  readonly version: string
  readonly plural: string
}

/** One sort of API server: what it is made of is the same for all that run, their state is not. */
export interface ApiServer {
  /** The component: `start` it once, and whenever it comes back. */
  readonly definition: ComponentDefinition<ApiServerState>
  readonly server: Server
  initialState(audit?: AuditState): ApiServerState
  /** Makes what a server makes when it starts. The event `start` does the same. */
  start(self: Self<ApiServerState>): void
  /** Serves a request, or throws ApiError. */
  request(self: Self<ApiServerState>, request: ApiRequest, document?: JsonDocument): ApiResponse
  /** Starts a watch and returns its id; deliveries come to the target as events `watch`. */
  watch(self: Self<ApiServerState>, request: ApiRequest, target: WatchTarget): number
  /** Serves an HTTP request; a watch's deliveries go to the target. */
  http(
    self: Self<ApiServerState>,
    request: HttpRequest,
    target?: WatchTarget,
  ): HttpResponse | HttpStream | HttpConnection
  stopWatch(self: Self<ApiServerState>, watchId: number): void
  /** What a follower that has come to a revision sees: every object of a resource as it was then. */
  readAt(resource: ResourceRef, revision: number): ApiObject[]
  /** Keeps a revision readable for a follower until it lets go. */
  pin(resource: ResourceRef, revision: number): void
  unpin(resource: ResourceRef, revision: number): void
}

/** Makes a server of the kinds and plugins given. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const allKinds = [...options.kinds, ...virtualResources.map(({ kind }) => kind)]
  const apiServices = new ApiServices(options.etcd)
  const defined = joined(new CustomResources(options.schema, options.etcd), aggregatedResources(apiServices))
  const resources = new ResourceTable(allKinds, options.conversions ?? conversions, defined)
  const server: Server = {
    options,
    resources,
    apiServices,
    admission: new AdmissionChain(options.admission ?? admissionPlugins),
    authorizer: options.authorizer ? union([privilegedGroup, options.authorizer]) : nodeAndRbac,
    decoder: new Decoder(options.schema, resources),
  }
  const placeOf = ({ group, version, plural }: ResourceRef): Resource => {
    const found = resources.find(group, version, plural)
    if (!found) throw new Error(`no resource ${plural} of ${group}/${version} is served`)
    return found
  }
  const start = (self: Self<ApiServerState>): void => startServer(server, self)
  return {
    definition: definitionOf(server, start),
    server,
    initialState,
    start,
    request: (self, request, document) => serve(server, self, request, document),
    watch(self, request, target) {
      let id = 0
      withEvidence(server, self, request, undefined, [], call => {
        id = startWatch(call, target)
        return { code: 200, body: undefined }
      })
      return id
    },
    http: (self, request, target) => serveHttp(server, self, request, target),
    stopWatch,
    readAt(resource, revision) {
      const place = placeOf(resource)
      const entries = readPinned(options.etcd(), place.prefix, revision)
      return entries.map(entry => inVersion(place, storedObject(entry)))
    },
    pin: (resource, revision) => pin(options.etcd(), placeOf(resource).prefix, revision),
    unpin: (resource, revision) => unpin(options.etcd(), placeOf(resource).prefix, revision),
  }
}

function startServer(server: Server, self: Self<ApiServerState>): void {
  const etcd = server.options.etcd()
  self.state.seen = etcd.revision
  etcd.followers.add(self.name)
  // Watches of several servers, and of one server's lives, must not be taken for one another.
  const place = [...etcd.followers].indexOf(self.name)
  self.state.nextWatchId = Math.max(self.state.nextWatchId, (etcd.revision * 10 + place) * 1_000_000)
  // Without etcd a server cannot begin: it tries again, as upstream's does (storage readiness hooks).
  if (attempt(() => bootstrap(server, self))) {
    self.schedule(startRetryMs, 'start')
    return
  }
  self.state.compactTo = etcd.revision
  self.state.startedAt = self.now
  self.schedule(compactionMs, 'compact')
  self.schedule(bookmarkMs, 'bookmarks')
  self.schedule(0, 'definitions')
  if (server.apiServices.all().length > 0) checkSoon(self)
  scheduleExpiry(self, etcd)
}

function definitionOf(
  server: Server,
  start: (self: Self<ApiServerState>) => void,
): ComponentDefinition<ApiServerState> {
  const { etcd, isAlive = () => true } = server.options
  return defineComponent<ApiServerState>({
    type: 'apiserver',
    on: {
      start,
      /** A CustomResourceDefinition has changed. */
      definitions: self => syncDefinitions(server, self),
      /** The APIServices are to be looked at. */
      availability: self => syncAvailability(server, self),
      stream: (self, message: StreamMessage) => takeCheck(server, self, message),
      /** Another server has written. */
      etcd: self => catchUp(server, self),
      /** Lines of the audit log are waiting to be written. */
      audit: writeLog,
      deliver: (self, dueAt: number) => deliver(self, dueAt, isAlive),
      'watch timeout': (self, watchId: number) => closeWatch(self, watchId, 'closed'),
      bookmarks(self) {
        sendBookmarks(server, self)
        self.schedule(bookmarkMs, 'bookmarks')
      },
      /** Forgets what is older than one interval, as the first of several servers to come round (etcd3/compact.go). */
      compact(self) {
        const store = etcd()
        const { compactTo } = self.state
        if (compactTo > store.compacted) attempt(() => compact(store, compactTo))
        self.state.compactTo = store.revision
        self.schedule(compactionMs, 'compact')
      },
      expire(self) {
        self.state.expiry = undefined
        expireLeases(etcd(), self.now)
        publish(server, self, 0)
        scheduleExpiry(self, etcd())
      },
    },
  })
}
